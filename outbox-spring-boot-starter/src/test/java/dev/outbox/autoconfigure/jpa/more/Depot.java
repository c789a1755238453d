package dev.outbox.autoconfigure.jpa.more;

import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.data.jpa.repository.config.EnableJpaRepositories;

/**
 * An application that says itself where to scan.
 */
@Configuration(proxyBeanMethods = false)
@EntityScan
@EnableJpaRepositories
public class Depot {

}
