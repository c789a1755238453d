package example.shop.notification;

import org.springframework.data.jpa.repository.JpaRepository;

/**
 * Finds notifications.
 */
interface NotificationRepository extends JpaRepository<Notification, Long> {

}
