package dev.outbox.autoconfigure.types;

import dev.outbox.EventType;

/**
 * Event types as an application declares them.
 */
public enum ShopEvents implements EventType {

	/**
	 * A plain constant.
	 */
	OPENED,

	/**
	 * A constant with a body of its own.
	 */
	CLOSED {

		@Override
		public String topic() {
			return "shop.closed";
		}

	};

	@Override
	public String topic() {
		return "shop.opened";
	}

	/**
	 * A nested enum.
	 */
	enum Inner implements EventType {

		NESTED;

		@Override
		public String topic() {
			return "shop.nested";
		}

	}

	/**
	 * What is not found: it is no enum.
	 */
	static final class NotAnEnum implements EventType {

		@Override
		public String name() {
			return "NOT_AN_ENUM";
		}

		@Override
		public String topic() {
			return "shop.none";
		}

	}

}
