package dev.outbox.publish;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

import dev.outbox.EventType;
import dev.outbox.OutboxException;

/**
 * The event types of the application, each name once.
 *
 * @since 0.1
 */
public final class EventTypes {

	private static final Pattern LEGAL_TOPIC = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

	private static final int LONGEST_NAME = 255;

	private final Map<String, EventType> types = new TreeMap<>();

	/**
	 * Collect types.
	 * @param types the types of the application
	 * @throws OutboxException if two have one name, or a name or a topic is not legal
	 */
	public EventTypes(Collection<? extends EventType> types) {
		for (EventType type : types) {
			checkLegal(type);
			EventType other = this.types.putIfAbsent(type.name(), type);
			if (other != null && other != type) {
				throw new OutboxException("Two event types have the name '%s': %s and %s. Rename one of them"
					.formatted(type.name(), describe(other), describe(type)));
			}
		}
	}

	/**
	 * Find a type by its name, as it stands in a row or a record.
	 * @param name the name
	 * @return the type
	 * @throws OutboxException if there is no type of this name
	 */
	public EventType get(String name) {
		EventType type = this.types.get(name);
		if (type == null) {
			throw new OutboxException("Event type '%s' is not declared in this application. Declared are %s. "
				.formatted(name, this.types.keySet())
					+ "Declare it by an enum that implements EventType in the application's packages, by a bean of "
					+ "type EventType, or by the property outbox.event-types.%s=<topic>".formatted(name));
		}
		return type;
	}

	/**
	 * The topics to which events of these types go.
	 * @return the topics in alphabetical order
	 */
	public Set<String> topics() {
		Set<String> topics = new TreeSet<>();
		this.types.values().forEach((type) -> topics.add(type.topic()));
		return topics;
	}

	/**
	 * All types.
	 * @return the types in the order of their names
	 */
	public List<EventType> all() {
		return List.copyOf(this.types.values());
	}

	void check(EventType type) {
		EventType declared = get(type.name());
		if (declared != type && !declared.topic().equals(type.topic())) {
			throw new OutboxException("Event type %s is not the one that is declared under this name, which is %s"
				.formatted(describe(type), describe(declared)));
		}
	}

	/**
	 * Whether Kafka accepts the name of a topic.
	 * @param topic the name
	 * @return whether it is legal
	 */
	public static boolean isLegalTopic(String topic) {
		return LEGAL_TOPIC.matcher(topic).matches();
	}

	private static void checkLegal(EventType type) {
		if (type.name().isBlank() || type.name().length() > LONGEST_NAME) {
			throw new OutboxException(
					"The name of event type %s must have 1 to %d characters".formatted(describe(type), LONGEST_NAME));
		}
		String topic = type.topic();
		if (topic == null || !isLegalTopic(topic)) {
			throw new OutboxException("The topic of event type %s is not legal in Kafka: use 1 to 249 letters, digits, "
				.formatted(describe(type)) + "dots, underscores and hyphens");
		}
	}

	private static String describe(EventType type) {
		return "%s (%s, topic '%s')".formatted(type.name(), type.getClass().getName(), type.topic());
	}

}
