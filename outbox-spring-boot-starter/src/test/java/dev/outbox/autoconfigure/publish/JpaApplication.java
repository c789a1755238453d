package dev.outbox.autoconfigure.publish;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * An application that publishes in the transactions of JPA.
 */
@Configuration(proxyBeanMethods = false)
@Import(PublishingApplication.class)
@ImportAutoConfiguration(HibernateJpaAutoConfiguration.class)
class JpaApplication {

}
