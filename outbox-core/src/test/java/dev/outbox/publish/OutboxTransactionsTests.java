package dev.outbox.publish;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

import dev.outbox.store.Handover;
import dev.outbox.store.OrderingKey;
import dev.outbox.store.OutboxRecord;
import dev.outbox.store.OutboxStore;
import dev.outbox.store.PlacedEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link OutboxTransactions}: which inserts ask for the places of their events.
 */
class OutboxTransactionsTests {

	private static final OutboxRecord EVENT = new OutboxRecord(new UUID(0, 1), "T", "topic", "key", "{}", Map.of());

	private static final PlacedEvent PLACED = new PlacedEvent(EVENT, 7, 3, 1);

	private final List<Boolean> asking = new ArrayList<>();

	private final List<List<PlacedEvent>> placed = new ArrayList<>();

	private final Dispatching dispatching = new Dispatching();

	private final OutboxTransactions transactions = new OutboxTransactions(() -> {
		throw new UnsupportedOperationException();
	}, this::store, () -> {
	}, () -> this.dispatching);

	private int others;

	private boolean failing;

	@Test
	void fewThatInsertAtTheSameTimeAskAndTheOthersDoNot() {
		assertThat(this.transactions.insert(List.of(EVENT))).containsExactly(PLACED);
		this.others = 3;
		this.transactions.insert(List.of(EVENT));
		assertThat(this.asking).containsExactly(true, true, true, false, false);
		this.asking.clear();
		assertThat(this.transactions.insert(List.of(EVENT))).containsExactly(PLACED);
	}

	@Test
	void whoDoesNotAskKnowsNoPlaces() {
		this.others = 2;
		assertThat(this.transactions.insert(List.of(EVENT))).containsExactly(PLACED);
		assertThat(this.placed).containsExactly(List.of(PlacedEvent.unplaced(EVENT)), List.of(PLACED));
	}

	@Test
	void aDispatcherThatFailsDoesNotFailTheInsert() {
		this.dispatching.failing = true;
		assertThat(this.transactions.insert(List.of(EVENT))).containsExactly(PLACED);
	}

	@Test
	void failuresAreNotTakenForInserts() {
		this.failing = true;
		for (int i = 0; i < 5; i++) {
			assertThatIllegalStateException().isThrownBy(() -> this.transactions.insert(List.of(EVENT)));
		}
		assertThat(this.asking).containsOnly(true).hasSize(5);
	}

	private OutboxStore store() {
		return (OutboxStore) Proxy.newProxyInstance(OutboxStore.class.getClassLoader(),
				new Class<?>[] { OutboxStore.class }, (proxy, method, arguments) -> insert(method, arguments));
	}

	// While one inserts, the next one does, too.
	@SuppressWarnings("unchecked")
	private @Nullable Object insert(Method method, Object[] arguments) {
		assertThat(method.getName()).isEqualTo("insert");
		boolean asks = arguments.length > 1;
		this.asking.add(asks);
		if (asks) {
			assertThat(((ToLongFunction<OrderingKey>) arguments[1]).applyAsLong(EVENT.orderingKey())).isZero();
		}
		if (this.failing) {
			throw new IllegalStateException("The database fails");
		}
		if (this.others > 0) {
			this.others--;
			this.placed.add(this.transactions.insert(List.of(EVENT)));
		}
		return asks ? List.of(PLACED) : null;
	}

	private static final class Dispatching implements Handover {

		private boolean failing;

		@Override
		public void offer(List<PlacedEvent> events) {
			throw new UnsupportedOperationException();
		}

		@Override
		public long sentTo(OrderingKey key) {
			if (this.failing) {
				throw new IllegalStateException("The dispatcher fails");
			}
			return 0;
		}

	}

}
