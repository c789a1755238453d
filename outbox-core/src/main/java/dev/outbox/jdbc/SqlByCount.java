package dev.outbox.jdbc;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

import org.jspecify.annotations.Nullable;

/**
 * The texts of a statement that has a part as often as it has values. Those for the usual
 * small numbers are built once.
 */
final class SqlByCount {

	private static final int KEPT = 128;

	private final IntFunction<String> text;

	private final AtomicReferenceArray<@Nullable String> kept = new AtomicReferenceArray<>(KEPT + 1);

	SqlByCount(IntFunction<String> text) {
		this.text = text;
	}

	static SqlByCount in(String begin) {
		return repeated(begin + " (", "?", ", ", ")");
	}

	static SqlByCount repeated(String begin, String part, String separator, String end) {
		return new SqlByCount((count) -> begin + String.join(separator, Collections.nCopies(count, part)) + end);
	}

	String of(int count) {
		if (count > KEPT) {
			return this.text.apply(count);
		}
		String sql = this.kept.get(count);
		if (sql == null) {
			sql = this.text.apply(count);
			this.kept.set(count, sql);
		}
		return sql;
	}

}
