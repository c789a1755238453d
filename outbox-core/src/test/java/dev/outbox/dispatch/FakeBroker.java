package dev.outbox.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

/**
 * A broker whose every step is taken by the test. What is appended to a partition is in
 * the order in which it was sent, without gaps until the channel is closed, as with an
 * idempotent producer; requests for different partitions overtake each other.
 */
class FakeBroker {

	final List<UUID> log = new ArrayList<>();

	int partitions = 3;

	// Once.
	Runnable beforeSend = () -> {
	};

	final Map<String, Trouble> troubledTopics = new HashMap<>();

	final Set<UUID> unsendable = new HashSet<>();

	@Nullable Channel last;

	SendChannel.Factory factory() {
		return () -> {
			Channel channel = new Channel();
			this.last = channel;
			return channel;
		};
	}

	int partition(String key) {
		return Math.floorMod(key.hashCode(), this.partitions);
	}

	void appended(UUID eventId) {
		this.log.add(eventId);
	}

	Channel channel() {
		return Objects.requireNonNull(this.last);
	}

	void acknowledgeAll() {
		Channel channel = this.last;
		while (channel != null && !channel.requests.isEmpty()) {
			channel.acknowledge(channel.requests.get(0).partition);
		}
	}

	static final class Request {

		final OutboxRecord event;

		final int partition;

		final boolean alone;

		final SendChannel.Completion completion;

		boolean appended;

		Request(OutboxRecord event, int partition, boolean alone, SendChannel.Completion completion) {
			this.event = event;
			this.partition = partition;
			this.alone = alone;
			this.completion = completion;
		}

	}

	final class Channel implements SendChannel {

		final List<Request> requests = new ArrayList<>();

		private boolean closed;

		@Override
		public int partition(OrderingKey key) {
			Trouble trouble = FakeBroker.this.troubledTopics.get(key.topic());
			if (trouble != null) {
				throw new SendException(trouble, new IllegalStateException("No topic"));
			}
			return FakeBroker.this.partition(key.partitionKey());
		}

		@Override
		public void send(OutboxRecord event, int partition, boolean alone, Completion completion) {
			FakeBroker.this.beforeSend.run();
			FakeBroker.this.beforeSend = () -> {
			};
			if (this.closed) {
				throw new SendException(Trouble.CLOSED, new IllegalStateException("closed"));
			}
			if (FakeBroker.this.unsendable.contains(event.eventId())) {
				throw new SendException(Trouble.POISON, new IllegalStateException("Too large"));
			}
			this.requests.add(new Request(event, partition, alone, completion));
		}

		@Override
		public boolean isClosed() {
			return this.closed;
		}

		@Override
		public void close(Duration grace) {
			this.closed = true;
			List<Request> lost = List.copyOf(this.requests);
			this.requests.clear();
			lost.forEach((request) -> request.completion
				.completed(new SendException(Trouble.CLOSED, new IllegalStateException("closed"))));
		}

		@Nullable Request firstOf(int partition) {
			return this.requests.stream().filter((request) -> request.partition == partition).findFirst().orElse(null);
		}

		// Appends the next request of a partition, without the producer's hearing of it.
		void append(int partition) {
			this.requests.stream()
				.filter((request) -> request.partition == partition && !request.appended)
				.findFirst()
				.ifPresent((request) -> {
					request.appended = true;
					FakeBroker.this.appended(request.event.eventId());
				});
		}

		void acknowledge(int partition) {
			Request first = firstOf(partition);
			if (first != null) {
				if (!first.appended) {
					append(partition);
				}
				this.requests.remove(first);
				first.completion.completed(null);
			}
		}

		// Refuses the next request of a partition. One that others may have followed
		// closes the channel, as the contract of a channel has it.
		void refuse(int partition, Trouble trouble) {
			Request first = firstOf(partition);
			if (first != null && !first.appended) {
				this.requests.remove(first);
				first.completion.completed(new SendException(trouble, new IllegalStateException("refused")));
				if (!first.alone || trouble == Trouble.OUTAGE) {
					this.closed = true;
				}
			}
		}

	}

}
