package dev.outbox.benchmarks.contestant;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;

/**
 * The transactions alone.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class DomainOnly {

	@Bean
	Publishing publishing() {
		return (changes) -> {
		};
	}

}
