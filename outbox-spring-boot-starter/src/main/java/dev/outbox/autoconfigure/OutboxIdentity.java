package dev.outbox.autoconfigure;

import java.util.UUID;

import dev.outbox.OutboxException;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * Who this outbox is, and which of its instances.
 *
 * @param source the name of the outbox
 * @param instance the name of this instance, another one in each life
 * @since 0.1
 */
public record OutboxIdentity(String source, String instance) {

	private static final int LONGEST_SOURCE = 200;

	static OutboxIdentity of(OutboxProperties properties, Environment environment) {
		String source = StringUtils.hasText(properties.source()) ? properties.source()
				: environment.getProperty("spring.application.name");
		if (!StringUtils.hasText(source) || source.length() > LONGEST_SOURCE) {
			throw new OutboxException("The outbox needs a name of 1 to " + LONGEST_SOURCE
					+ " characters by which it knows its own events, different from that of any other application. "
					+ "Set spring.application.name or outbox.source");
		}
		return new OutboxIdentity(source, source + "-" + UUID.randomUUID().toString().substring(0, 8));
	}

}
