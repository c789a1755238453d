package dev.outbox.test;

import java.time.Duration;
import java.util.List;

import dev.outbox.EventType;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.OutboxMonitor;
import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.TopicReader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Two applications have one source, or one group.
 */
@Tag("long")
class SharedGroupTests {

	@ParameterizedTest
	@ValueSource(strings = { "outbox.shutdown-grace=10s", "outbox.source=warehouse" })
	void applicationWithTablesOfItsOwnLeavesTheGroupToAnother(String property) {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared())) {
			ConfigurableApplicationContext first = arena.start();
			confirmOne(first);
			ConfigurableApplicationContext second = arena.startOther(Arena.h2(),
					"outbox.confirmation.group-id=" + arena.topic() + "-outbox", property);
			publishOne(second);
			await().atMost(Arena.PATIENCE)
				.untilAsserted(() -> assertThat(troubles(second)).singleElement().satisfies((trouble) -> {
					assertThat(trouble.kind()).isEqualTo(Kind.IDENTITY);
					assertThat(trouble.reason()).contains("is shared with " + arena.topic(),
							"outbox.confirmation.check-group=false");
				}));
			await().atMost(Arena.PATIENCE).until(() -> pending(second) == 0);
			confirmOne(first);
			assertThat(troubles(first)).isEmpty();
			try (TopicReader reader = TopicReader.read(arena.broker.bootstrapServers(), arena.topic())) {
				assertThat(reader.await(3, Arena.PATIENCE)).as("none is sent again").hasSize(3);
			}
			first.close();
			await().atMost(Arena.PATIENCE).until(() -> troubles(second).isEmpty());
			confirmOne(second);
		}
	}

	@Test
	void applicationsThatShareAGroupAllTheSameTellOfIt() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared())) {
			ConfigurableApplicationContext first = arena.start();
			confirmOne(first);
			ConfigurableApplicationContext second = arena.startOther(Arena.h2(),
					"outbox.confirmation.check-group=false");
			for (ConfigurableApplicationContext application : List.of(first, second)) {
				await().atMost(Arena.PATIENCE)
					.untilAsserted(() -> assertThat(troubles(application)).map(OutboxTrouble::kind)
						.containsOnlyOnce(Kind.IDENTITY));
			}
			second.close();
			await().atMost(Arena.PATIENCE).until(() -> troubles(first).isEmpty());
		}
	}

	@Test
	void instancesOfOneApplicationShareTheirGroup() {
		try (Arena arena = new Arena(Arena.h2(), KafkaBroker.shared())) {
			ConfigurableApplicationContext first = arena.start();
			confirmOne(first);
			long start = System.nanoTime();
			ConfigurableApplicationContext second = arena.start();
			System.out.printf("The second instance started in %d ms%n",
					Duration.ofNanos(System.nanoTime() - start).toMillis());
			confirmOne(second);
			await().during(Duration.ofSeconds(20))
				.atMost(Duration.ofSeconds(40))
				.until(() -> troubles(first).isEmpty() && troubles(second).isEmpty());
		}
	}

	private static void confirmOne(ConfigurableApplicationContext application) {
		publishOne(application);
		await().atMost(Arena.PATIENCE).until(() -> pending(application) == 0);
	}

	private static void publishOne(ConfigurableApplicationContext application) {
		application.getBean(OutboxEventPublisher.class)
			.publishManualEvent(application.getBean(EventType.class), "key", "payload");
	}

	private static long pending(ConfigurableApplicationContext application) {
		return application.getBean(OutboxMonitor.class).status().pending();
	}

	private static List<OutboxTrouble> troubles(ConfigurableApplicationContext application) {
		return application.getBean(OutboxMonitor.class).status().troubles();
	}

}
