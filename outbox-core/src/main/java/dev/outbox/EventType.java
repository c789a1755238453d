package dev.outbox;

/**
 * A type of event and the topic its events go to. Implemented by an application's enum:
 *
 * <pre class="code">
 * enum OrderEvents implements EventType {
 *
 *     ORDER_CREATED("order.created");
 *
 *     private final String topic;
 *     ...
 * }
 * </pre>
 *
 * Enums in the application's packages are found by themselves. A name stands for one type
 * in the whole application.
 *
 * @since 0.1
 */
public interface EventType {

	/**
	 * The name that stands for this type in the envelope, the headers and the table.
	 * @return the name, 1 to 255 characters
	 */
	String name();

	/**
	 * The Kafka topic to which events of this type are sent.
	 * @return a legal topic name
	 */
	String topic();

}
