package dev.outbox.autoconfigure.jpa.main;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.context.annotation.Configuration;

/**
 * An application that leaves all scanning to Spring Boot.
 */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
public class Shop {

}
