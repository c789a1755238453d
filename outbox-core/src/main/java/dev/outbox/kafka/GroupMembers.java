package dev.outbox.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Who is in the group that reads events back. An outbox is known by the id of its tables,
 * which its consumers bear at the end of their client ids.
 */
final class GroupMembers {

	private static final String MARK = "-outbox-";

	private static final Pattern MARKED = Pattern.compile(".*" + MARK + "[0-9a-f]{12}", Pattern.DOTALL);

	private final Map<String, Object> settings;

	private final String group;

	private final Supplier<String> tables;

	GroupMembers(Map<String, Object> settings, String group, Supplier<String> tables) {
		this.settings = settings;
		this.group = group;
		this.tables = tables;
	}

	// What a consumer of this outbox is called.
	String mark(String clientId) {
		return clientId + MARK + this.tables.get();
	}

	// The client ids, by the members' ids, of those who are not of this outbox.
	Map<String, String> others() throws InterruptedException, ExecutionException {
		String own = mark("");
		Map<String, String> members = all();
		members.values().removeIf((client) -> client.endsWith(own));
		return members;
	}

	// Those to whom the group is to be left: other outboxes, if none of this one is
	// there.
	Map<String, String> owners() throws InterruptedException, ExecutionException {
		String own = mark("");
		Map<String, String> members = all();
		if (members.values().stream().anyMatch((client) -> client.endsWith(own))) {
			members.clear();
		}
		members.values().removeIf((client) -> !MARKED.matcher(client).matches());
		return members;
	}

	private Map<String, String> all() throws InterruptedException, ExecutionException {
		try (Admin admin = Admin.create(this.settings)) {
			return admin.describeConsumerGroups(Set.of(this.group))
				.all()
				.get()
				.values()
				.stream()
				.flatMap((description) -> description.members().stream())
				.collect(Collectors.toMap(MemberDescription::consumerId, MemberDescription::clientId, (one, two) -> one,
						HashMap::new));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof GroupIdNotFoundException) {
				return new HashMap<>();
			}
			throw ex;
		}
	}

}
