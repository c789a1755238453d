package dev.outbox.dispatch;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.outbox.store.PlacedEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a stop waits for, whether it is known at the commit what precedes events or not.
 */
@ParameterizedClass
@ValueSource(booleans = { false, true })
class DrainTests extends AbstractSequencerTests {

	@Test
	void drainingEndsWhilePaused() {
		this.instance.pause(true);
		this.instance.offer(commit("a"));
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void drainingWaitsForAnothersEventsForASecond() {
		PlacedEvent foreign = commit("a");
		PlacedEvent own = commit("a");
		this.instance.offer(own);
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.pass(Duration.ofMillis(900));
		this.instance.settle();
		assertThat(drained).isNotDone();
		this.table.clear(List.of(id(foreign)));
		this.instance.pass(Duration.ofMillis(20));
		this.instance.settle();
		assertThat(sent()).containsExactly(id(own));
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void drainingDoesNotWaitForAnothersEventsForEver() {
		commit("a");
		this.instance.offer(commit("a"));
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.pass(Duration.ofSeconds(1));
		this.instance.settle();
		assertThat(drained).isDone();
	}

	@Test
	void drainingEndsWhenNothingIsUnderWay() {
		this.instance.offer(commit("a"));
		this.instance.settle();
		CompletableFuture<Void> drained = new CompletableFuture<>();
		this.instance.sequencer.drain(drained, Duration.ofSeconds(10));
		this.instance.settle();
		assertThat(drained).isNotDone();
		this.broker.acknowledgeAll();
		this.instance.settle();
		assertThat(drained).isDone();
	}

}
