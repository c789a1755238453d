package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import dev.outbox.OutboxTrouble;
import dev.outbox.OutboxTrouble.Kind;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the dispatcher tells of trouble with sending, and when it says that it is over.
 */
class TroubleReportTests {

	private final FakeTable table = new FakeTable();

	private final FakeBroker broker = new FakeBroker();

	private final Instance instance = new Instance(this.table, this.broker);

	@Test
	void topicThatIsNotToBeHadIsTroubleUntilOneOfItsEventsIsAcknowledged() {
		this.broker.troubledTopics.put("bad", Trouble.TOPIC);
		this.instance.offer(commit("bad"), commit("good"));
		this.instance.settle();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.TOPIC);
			assertThat(trouble.topic()).isEqualTo("bad");
			assertThat(trouble.reason()).contains("No topic", "Create it");
		});
		this.broker.troubledTopics.clear();
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(troubles()).as("sent only")
			.singleElement()
			.satisfies((trouble) -> assertThat(trouble.age()).hasSeconds(1));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(troubles()).isEmpty();
	}

	@Test
	void topicThatRefusesWhatWasSentIsTrouble() {
		this.instance.offer(commit("bad"));
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.TOPIC);
		this.instance.settle();
		assertThat(troubles()).map(OutboxTrouble::topic).containsExactly("bad");
	}

	@Test
	void outageIsTroubleUntilAnyEventIsAcknowledged() {
		this.broker.troubledTopics.put("a", Trouble.OUTAGE);
		this.instance.offer(commit("a"));
		this.instance.settle();
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.BROKER);
			assertThat(trouble.topic()).isNull();
			assertThat(trouble.reason()).contains("Kafka cannot be reached", "No topic");
		});
		this.broker.troubledTopics.clear();
		this.instance.pass(Duration.ofSeconds(3));
		this.instance.settle();
		assertThat(troubles()).hasSize(1);
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(troubles()).isEmpty();
	}

	@Test
	void eventThatCannotBeSentIsNoTroubleOfItsTopic() {
		this.instance.offer(commit("topic"));
		this.instance.settle();
		this.broker.channel().refuse(this.broker.channel().requests.get(0).partition, Trouble.POISON);
		this.instance.settle();
		this.instance.offer(commit("topic"));
		this.instance.settle();
		this.broker.channel().close(Duration.ZERO);
		this.instance.settle();
		assertThat(troubles()).isEmpty();
	}

	@Test
	void silenceOfTheBrokerIsTroubleAlthoughItsClientReportsNoFailure() {
		this.instance.offer(commit("a"));
		this.instance.settle();
		this.instance.pass(Duration.ofSeconds(9));
		assertThat(this.instance.turn()).isLessThanOrEqualTo(Duration.ofSeconds(10).toNanos());
		assertThat(troubles()).isEmpty();
		this.instance.pass(Duration.ofSeconds(10));
		this.instance.turn();
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.BROKER);
			assertThat(trouble.reason()).contains("acknowledged nothing for at least 10 seconds");
		});
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(troubles()).isEmpty();
		assertThat(this.instance.turn()).isEqualTo(Duration.ofSeconds(10).toNanos());
	}

	@Test
	void silenceOfAPartitionIsTroubleOfItsTopicUntilThatPartitionAcknowledges() {
		this.broker.partitions = 2;
		PlacedEvent silent = commit("topic", "a");
		int partition = this.broker.partition("a");
		this.instance.offer(silent, commit("topic", "b"));
		this.instance.settle();
		for (int second = 0; second < 25; second++) {
			this.instance.pass(Duration.ofSeconds(1));
			this.broker.channel().acknowledge(1 - partition);
			this.instance.offer(commit("topic", "b"));
			this.instance.settle();
		}
		assertThat(troubles()).singleElement().satisfies((trouble) -> {
			assertThat(trouble.kind()).isEqualTo(Kind.TOPIC);
			assertThat(trouble.topic()).isEqualTo("topic");
			assertThat(trouble.reason()).contains("partition " + partition, "enough replicas in sync");
		});
		this.broker.channel().acknowledge(partition);
		this.instance.settle();
		assertThat(troubles()).isEmpty();
	}

	private List<OutboxTrouble> troubles() {
		return this.instance.health.troubles(true);
	}

	private PlacedEvent commit(String topic) {
		return commit(topic, "key");
	}

	private PlacedEvent commit(String topic, String key) {
		OutboxRecord event = new OutboxRecord(UUID.randomUUID(), "T", topic, key, "{}", Map.of());
		return this.table.insert(List.of(event)).get(0);
	}

}
