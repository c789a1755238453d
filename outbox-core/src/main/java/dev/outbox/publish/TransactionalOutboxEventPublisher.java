package dev.outbox.publish;

import java.time.InstantSource;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import dev.outbox.Event;
import dev.outbox.EventType;
import dev.outbox.OutboxEvent;
import dev.outbox.OutboxEventPublisher;
import dev.outbox.store.OutboxRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Publishes events within transactions. An event is validated and serialised at the call,
 * and remembered by its transaction until that commits.
 *
 * @since 0.1
 */
public final class TransactionalOutboxEventPublisher implements OutboxEventPublisher {

	private final EventTypes types;

	private final EventLimits limits;

	private final EventSerializer serializer;

	private final ContextHeaders context;

	private final OutboxTransactions transactions;

	private final Supplier<TransactionOperations> manual;

	private final ApplicationEventPublisher observers;

	private final EventIds ids;

	/**
	 * Create a publisher.
	 * @param types the types that may be published
	 * @param limits what keys, headers and sizes are acceptable
	 * @param serializer writes the envelope
	 * @param context tells the headers of the place where an event is published
	 * @param transactions knows the current transaction
	 * @param manual runs something in a new transaction of the outbox's data source
	 * @param observers is told each event that was accepted
	 * @param clock tells the time that event ids begin with
	 */
	public TransactionalOutboxEventPublisher(EventTypes types, EventLimits limits, EventSerializer serializer,
			ContextHeaders context, OutboxTransactions transactions, Supplier<TransactionOperations> manual,
			ApplicationEventPublisher observers, InstantSource clock) {
		this.types = types;
		this.limits = limits;
		this.serializer = serializer;
		this.context = context;
		this.transactions = transactions;
		this.manual = manual;
		this.observers = observers;
		this.ids = new EventIds(clock);
	}

	@Override
	public UUID publishEvent(EventType type, String partitionKey, @Nullable Object payload,
			Map<String, String> headers) {
		OutboxTransaction transaction = this.transactions.current();
		OutboxRecord event = event(type, partitionKey, payload, headers);
		add(transaction, event, new OutboxEvent.Auto(envelope(event, payload), type, partitionKey, event.headers()));
		return event.eventId();
	}

	@Override
	public UUID publishManualEvent(EventType type, String partitionKey, @Nullable Object payload,
			Map<String, String> headers) {
		OutboxRecord event = event(type, partitionKey, payload, headers);
		this.manual.get()
			.executeWithoutResult((status) -> add(this.transactions.current(), event,
					new OutboxEvent.Manual(envelope(event, payload), type, partitionKey, event.headers())));
		return event.eventId();
	}

	// An exception means that nothing was published, also one of an observer.
	private void add(OutboxTransaction transaction, OutboxRecord event, OutboxEvent observed) {
		transaction.add(event);
		try {
			this.observers.publishEvent(observed);
		}
		catch (RuntimeException ex) {
			transaction.remove(event);
			throw ex;
		}
	}

	private OutboxRecord event(EventType type, String partitionKey, @Nullable Object payload,
			Map<String, String> headers) {
		this.limits.checkArguments(type, partitionKey, headers);
		this.types.check(type);
		Map<String, String> all = headersInContext(headers);
		this.limits.checkHeaders(type, all);
		UUID eventId = this.ids.next();
		OutboxRecord event = new OutboxRecord(eventId, type.name(), type.topic(), partitionKey,
				this.serializer.serialize(eventId, type, payload), all);
		this.limits.checkSize(event);
		return event;
	}

	private Map<String, String> headersInContext(Map<String, String> headers) {
		Map<String, String> context = this.context.current();
		if (context.isEmpty() && headers.isEmpty()) {
			return Map.of();
		}
		Map<String, String> all = new LinkedHashMap<>(context);
		all.putAll(headers);
		return Collections.unmodifiableMap(all);
	}

	@SuppressWarnings("NullAway") // the type argument says that the payload may be null
	private static Event<? extends @Nullable Object> envelope(OutboxRecord event, @Nullable Object payload) {
		return new Event<@Nullable Object>(event.eventId(), event.eventType(), payload);
	}

}
