package dev.outbox.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import com.sun.management.OperatingSystemMXBean;
import dev.outbox.benchmarks.run.Servers;
import org.apache.kafka.common.utils.AppInfoParser;

import org.springframework.boot.SpringBootVersion;
import org.springframework.jdbc.core.ConnectionCallback;

/**
 * On what was measured, and when.
 *
 * @param text one sentence
 */
public record Machine(String text) {

	/**
	 * Look at this machine.
	 * @param servers the servers that run on it
	 * @return the machine
	 * @throws IOException if it cannot be looked at
	 */
	public static Machine of(Servers servers) throws IOException {
		OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
		ConnectionCallback<String> version = Machine::version;
		return new Machine(String.format(Locale.ROOT,
				"Measured on %s: %d cores (%s) shared by everything, %d GiB, load average %.1f before; %s %s, JDK %s, "
						+ "Spring Boot %s, Kafka %s, %s.",
				LocalDate.now(ZoneOffset.UTC), system.getAvailableProcessors(), processor(),
				system.getTotalMemorySize() >> 30, system.getSystemLoadAverage(), system.getName(), system.getVersion(),
				Runtime.version(), SpringBootVersion.getVersion(), AppInfoParser.getVersion(),
				Objects.requireNonNull(servers.jdbc().execute(version))));
	}

	private static String version(Connection connection) throws SQLException {
		return connection.getMetaData().getDatabaseProductName() + " "
				+ connection.getMetaData().getDatabaseProductVersion();
	}

	private static String processor() throws IOException {
		Path file = Path.of("/proc/cpuinfo");
		if (!Files.exists(file)) {
			return System.getProperty("os.arch");
		}
		try (Stream<String> lines = Files.lines(file)) {
			return lines.filter((line) -> line.startsWith("model name"))
				.map((line) -> line.substring(line.indexOf(':') + 1).strip())
				.findFirst()
				.orElse(System.getProperty("os.arch"));
		}
	}

}
