package dev.outbox.benchmarks.run;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

import dev.outbox.benchmarks.contestant.Change;
import it.unimi.dsi.fastutil.longs.Long2LongMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;

/**
 * What a consumer has received of one run: first deliveries with their times, and how
 * many came again or after a later one of their account.
 */
final class Receipts {

	private static final int HEAD = 512;

	// Ten million times, as objects, would not fit into the memory.
	private final Long2LongMap firsts = new Long2LongOpenHashMap();

	private final Map<Integer, Long> latest = new HashMap<>();

	private final int run;

	private int duplicates;

	private int reordered;

	private long first;

	private long last;

	Receipts(int run) {
		this.run = run;
	}

	// Each contestant has its own envelope, so it is not parsed.
	synchronized void add(byte[] value, long time) {
		String head = new String(value, 0, Math.min(HEAD, value.length), StandardCharsets.ISO_8859_1);
		if (number(head, "run") == this.run) {
			add((int) number(head, "account"), number(head, "sequence"), time);
		}
	}

	private void add(int account, long sequence, long time) {
		if (this.firsts.putIfAbsent(Change.id(account, sequence), time) != this.firsts.defaultReturnValue()) {
			this.duplicates++;
			return;
		}
		if (this.latest.merge(account, sequence, Math::max) > sequence) {
			this.reordered++;
		}
		this.first = (this.first != 0) ? this.first : time;
		this.last = time;
	}

	private static long number(String json, String name) {
		int begin = json.indexOf("\"" + name + "\":") + name.length() + 3;
		int end = begin;
		while (end < json.length() && Character.isDigit(json.charAt(end))) {
			end++;
		}
		if (end == begin) {
			throw new IllegalArgumentException("There is no " + name + " in " + json);
		}
		return Long.parseLong(json, begin, end, 10);
	}

	synchronized int size() {
		return this.firsts.size();
	}

	synchronized int duplicates() {
		return this.duplicates;
	}

	synchronized int reordered() {
		return this.reordered;
	}

	// In microseconds since 1970, as all times here.
	synchronized long first() {
		return this.first;
	}

	synchronized long last() {
		return this.last;
	}

	synchronized Map<Long, Long> timesById() {
		return new Long2LongOpenHashMap(this.firsts);
	}

}
