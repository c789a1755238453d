package dev.outbox.autoconfigure.jpa.own;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * A repository of the application that is named as the outbox's.
 */
interface OutboxRepository extends JpaRepository<Outbox, Long> {

}
