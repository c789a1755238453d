package dev.outbox.autoconfigure.jpa.more;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * A repository of the application.
 */
interface ParcelRepository extends JpaRepository<Parcel, Long> {

}
