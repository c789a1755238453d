package dev.outbox.autoconfigure.jpa.own;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.context.annotation.Configuration;

/**
 * An application that had an outbox of its own.
 */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
public class OwnOutbox {

}
