package dev.outbox.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.outbox.dispatch.SendChannel;
import dev.outbox.dispatch.SendException;
import dev.outbox.dispatch.Trouble;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * A channel through an idempotent producer. The broker keeps what such a producer has in
 * flight to a partition in order and refuses whatever follows a refused batch, until the
 * producer starts a new epoch, which it does by itself once the failure has been reported
 * to the callback. So the callback closes the producer before that can happen.
 *
 * @since 0.1
 */
public final class KafkaSendChannel implements SendChannel {

	private final Producer<byte[], byte[]> producer;

	private final RecordHeaders headers;

	private volatile boolean closed;

	/**
	 * Create a channel.
	 * @param producer the producer, closed with the channel
	 * @param headers the headers of the outbox's records
	 */
	public KafkaSendChannel(Producer<byte[], byte[]> producer, RecordHeaders headers) {
		this.producer = producer;
		this.headers = headers;
	}

	// As the default partitioner of Kafka's clients does it (murmur2 of the key), but
	// known before the event is sent.
	@Override
	public int partition(OrderingKey key) {
		try {
			int partitions = this.producer.partitionsFor(key.topic()).size();
			byte[] bytes = key.partitionKey().getBytes(StandardCharsets.UTF_8);
			return Utils.toPositive(Utils.murmur2(bytes)) % partitions;
		}
		catch (KafkaException | IllegalStateException ex) {
			throw failedBeforeSending(ex);
		}
	}

	@Override
	@SuppressWarnings("FutureReturnValueIgnored") // the callback is told the same
	public void send(OutboxRecord event, int partition, boolean alone, SendChannel.Completion completion) {
		ProducerRecord<byte[], byte[]> message = new ProducerRecord<>(event.topic(), partition,
				event.partitionKey().getBytes(StandardCharsets.UTF_8),
				event.payload().getBytes(StandardCharsets.UTF_8));
		this.headers.write(event, message.headers());
		Attempt attempt = new Attempt(alone, completion);
		try {
			this.producer.send(message, attempt);
		}
		catch (KafkaException | IllegalStateException ex) {
			throw failedBeforeSending(ex);
		}
		catch (RuntimeException ex) {
			throw new SendException(Trouble.POISON, ex);
		}
		attempt.sent();
	}

	@Override
	public boolean isClosed() {
		return this.closed;
	}

	@Override
	public void close(Duration grace) {
		if (!grace.isZero()) {
			this.producer.close(grace);
		}
		closeNow();
	}

	private void closeNow() {
		this.closed = true;
		this.producer.close(Duration.ZERO);
	}

	private SendException failedBeforeSending(Exception ex) {
		SendException failure = failure(ex, true);
		if (failure.trouble() == Trouble.OUTAGE
				&& !(ex instanceof TimeoutException || ex instanceof InterruptException)) {
			// Fatal to the producer, perhaps.
			closeNow();
		}
		return failure;
	}

	private SendException failedAfterSending(Exception ex, boolean alone) {
		SendException failure = failure(ex, alone);
		if (!this.closed && (!alone || failure.trouble() == Trouble.OUTAGE)) {
			closeNow();
		}
		return failure;
	}

	private SendException failure(Exception ex, boolean alone) {
		SendException failure = SendFailures.of(ex, alone);
		boolean unknown = failure.trouble() == Trouble.OUTAGE;
		return (this.closed && unknown) ? new SendException(Trouble.CLOSED, ex) : failure;
	}

	/**
	 * One call of the producer. Some failures it reports to the callback before the call
	 * returns, and nothing has been sent then.
	 */
	private final class Attempt implements Callback {

		private final boolean alone;

		private final SendChannel.Completion completion;

		private final Thread caller = Thread.currentThread();

		private boolean calling = true;

		private @Nullable Exception failure;

		Attempt(boolean alone, SendChannel.Completion completion) {
			this.alone = alone;
			this.completion = completion;
		}

		@Override
		public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception ex) {
			if (ex != null && Thread.currentThread() == this.caller && this.calling) {
				this.failure = ex;
			}
			else {
				this.completion.completed((ex != null) ? failedAfterSending(ex, this.alone) : null);
			}
		}

		void sent() {
			this.calling = false;
			if (this.failure != null) {
				throw failedBeforeSending(this.failure);
			}
		}

	}

}
