package dev.outbox.autoconfigure.publish;

import java.io.File;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * The libraries that an application need not have.
 */
@Tag("long")
class OptionalLibrariesTests {

	@Test
	void applicationNeedsNoJpa() throws Exception {
		try (URLClassLoader libraries = without("jakarta.persistence-api|spring-orm|hibernate-.*|.*-jpa|.*-jpa-.*")) {
			assertThat(ClassUtils.isPresent("jakarta.persistence.EntityManager", libraries)).isFalse();
			assertThat(ClassUtils.isPresent("org.springframework.orm.jpa.EntityManagerHolder", libraries)).isFalse();
			assertThat(run(PlainApplication.class, libraries)).isEqualTo(List.of("a"));
		}
	}

	@Test
	void applicationNeedsNoTracing() throws Exception {
		try (URLClassLoader libraries = without("micrometer-tracing.*|.*opentelemetry.*")) {
			assertThat(ClassUtils.isPresent("io.micrometer.tracing.Tracer", libraries)).isFalse();
			assertThat(run(PlainApplication.class, libraries)).isEqualTo(List.of("a"));
		}
	}

	@Test
	void applicationNeedsNoHealth() throws Exception {
		try (URLClassLoader libraries = without("spring-boot-health")) {
			assertThat(ClassUtils.isPresent("org.springframework.boot.health.contributor.HealthIndicator", libraries))
				.isFalse();
			assertThat(run(PlainApplication.class, libraries)).isEqualTo(List.of("a"));
		}
	}

	@Test
	void applicationThatOnlyCapturesNeedsNoKafka() throws Exception {
		try (URLClassLoader libraries = without("spring-kafka|spring-boot-kafka|spring-boot-starter-kafka|kafka.*")) {
			assertThat(ClassUtils.isPresent("org.springframework.kafka.core.KafkaTemplate", libraries)).isFalse();
			assertThat(ClassUtils.isPresent("org.apache.kafka.common.header.Headers", libraries)).isFalse();
			assertThat(ClassUtils.isPresent("org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration",
					libraries))
				.isFalse();
			assertThat(run(CapturingApplication.class, libraries)).isEqualTo(List.of("a"));
		}
	}

	@Test
	void applicationWithoutFlywayIsToldWhatToRun() throws Exception {
		try (URLClassLoader libraries = without("flyway-.*|spring-boot-flyway")) {
			assertThat(ClassUtils.isPresent("org.flywaydb.core.Flyway", libraries)).isFalse();
			assertThatException().isThrownBy(() -> run(PlainApplication.class, libraries))
				.satisfies((ex) -> assertThat(ex).hasStackTraceContaining("is missing or older")
					.hasStackTraceContaining("Run the scripts of db/h2")
					.hasStackTraceContaining("have Flyway on the class path"));
		}
	}

	@Test
	void applicationWithoutFlywayUsesTablesThatWereCreatedByHand() throws Exception {
		try (URLClassLoader libraries = without("flyway-.*|spring-boot-flyway")) {
			assertThat(run(PlainApplication.class, libraries, "spring.sql.init.schema-locations=file:../db/h2/*.sql"))
				.isEqualTo(List.of("a"));
		}
	}

	@SuppressWarnings("unchecked")
	private static Object run(Class<?> type, ClassLoader libraries, String... properties) throws Exception {
		Thread thread = Thread.currentThread();
		ClassLoader before = thread.getContextClassLoader();
		thread.setContextClassLoader(libraries);
		try {
			Constructor<?> application = ClassUtils.forName(type.getName(), libraries).getDeclaredConstructor();
			application.setAccessible(true);
			return ((Function<String[], Object>) application.newInstance()).apply(properties);
		}
		finally {
			thread.setContextClassLoader(before);
		}
	}

	// Surefire may start its JVM with a single jar that only points to the others, and
	// then names them in a property.
	private static URLClassLoader without(String jars) throws MalformedURLException {
		Pattern pattern = Pattern.compile("(" + jars + ")-\\d.*\\.jar");
		String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
		List<URL> urls = new ArrayList<>();
		for (String entry : path.split(File.pathSeparator)) {
			if (!pattern.matcher(new File(entry).getName()).matches()) {
				urls.add(new File(entry).toURI().toURL());
			}
		}
		return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
	}

}
