package dev.outbox.faults;

import java.util.ArrayList;
import java.util.List;

/**
 * The properties of the instances: time-outs that are shorter than a long fault, so that
 * they all run out.
 */
final class Settings {

	private static final List<String> COMMON = List.of("spring.application.name=faults", "spring.main.banner-mode=off",
			"spring.datasource.hikari.maximum-pool-size=10", "spring.datasource.hikari.connection-timeout=3000",
			"spring.jdbc.template.query-timeout=2s", "outbox.relay.interval=250ms", "outbox.relay.stale-after=3s",
			"outbox.relay.longest-back-off=4s", "outbox.producer.properties.request.timeout.ms=2000",
			"outbox.producer.properties.metadata.max.age.ms=1000",
			"outbox.confirmation.properties.request.timeout.ms=4000",
			"outbox.confirmation.properties.session.timeout.ms=6000",
			"outbox.confirmation.properties.metadata.max.age.ms=1000", "logging.level.org.apache.kafka=warn",
			"logging.threshold.console=info");

	private Settings() {
	}

	static List<String> of(String source, Instance instance, String jdbcUrl, List<LedgerEventType> types) {
		List<String> all = new ArrayList<>(COMMON);
		all.add("outbox.source=" + source);
		all.add("spring.kafka.bootstrap-servers=localhost:" + instance.toBroker().port());
		String url = jdbcUrl.replaceFirst("//[^/]+/", "//localhost:" + instance.toDatabase().port() + "/");
		// A driver without a time-out would wait for a half-open connection for ever.
		boolean seconds = url.startsWith("jdbc:postgresql:");
		all.add("spring.datasource.url=" + url
				+ (seconds ? "&socketTimeout=6&connectTimeout=3" : "&socketTimeout=6000&connectTimeout=3000"));
		types.forEach((type) -> all.add(type.property()));
		return all;
	}

}
