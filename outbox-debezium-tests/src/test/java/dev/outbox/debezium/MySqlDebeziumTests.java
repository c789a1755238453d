package dev.outbox.debezium;

import java.util.Map;

import com.mysql.cj.conf.ConnectionUrl;
import com.mysql.cj.conf.HostInfo;
import dev.outbox.testsupport.MySqlServer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/**
 * Debezium on MySQL.
 */
@Tag("long")
class MySqlDebeziumTests extends AbstractDebeziumTests {

	private static String url;

	private static String other;

	// The server may be another test's, too.
	private static String user;

	@BeforeAll
	static void findServer() {
		url = MySqlServer.shared().createDatabase();
		other = host(MySqlServer.shared().createDatabase()).getDatabase();
		user = "user_" + Long.toHexString(System.nanoTime());
	}

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		registry.add("spring.datasource.url", () -> url);
	}

	@Override
	String section() {
		return "MySQL";
	}

	@Override
	Table table() {
		return new Table(host(url).getDatabase(), "outbox");
	}

	@Override
	String otherSchema() {
		return other;
	}

	@Override
	String adapt(String documented, Table table) {
		return documented.replaceAll("\\bshop\\.outbox\\b", table.toString())
			.replaceAll("\\bshop\\b", table.schema())
			.replace("outbox_reader", user);
	}

	@Override
	Map<String, String> address() {
		return Map.of("database.hostname", host(url).getHost(), "database.port", Integer.toString(host(url).getPort()),
				"database.server.id", "77001");
	}

	@Override
	void forbid() {
		jdbc().execute("DROP USER " + user);
	}

	@Override
	String endOfTheLog() {
		return jdbc().queryForObject("SHOW BINARY LOG STATUS",
				(row, number) -> place(row.getObject("File"), row.getObject("Position")));
	}

	@Override
	boolean hasPassed(Connector connector, String place) {
		Map<String, ?> at = connector.place();
		return place(at.get("file"), at.get("pos")).compareTo(place) > 0;
	}

	// So that places ascend as texts.
	private static String place(@Nullable Object file, @Nullable Object position) {
		return "%s %20s".formatted(file, position);
	}

	@Override
	void reclaim() {
		// rows lie in the order of their ids
	}

	private static HostInfo host(String url) {
		return ConnectionUrl.getConnectionUrlInstance(url, null).getMainHost();
	}

}
