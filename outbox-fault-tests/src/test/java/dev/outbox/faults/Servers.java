package dev.outbox.faults;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import dev.outbox.testsupport.Database;
import dev.outbox.testsupport.DatabaseServer;
import dev.outbox.testsupport.KafkaBroker;
import dev.outbox.testsupport.MariaDbServer;
import dev.outbox.testsupport.MySqlServer;
import dev.outbox.testsupport.PostgresServer;
import dev.outbox.testsupport.TcpProxy;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * The servers, which all runs share: a broker behind one proxy for each instance, and the
 * databases. Whatever they have suffered, they are up between two runs.
 */
final class Servers implements AutoCloseable {

	/**
	 * How many instances there may be.
	 */
	static final int INSTANCES = 3;

	private final List<TcpProxy> proxies = Stream.generate(TcpProxy::start).limit(INSTANCES).toList();

	private final KafkaBroker broker = KafkaBroker.start(this.proxies);

	private final Admin admin = Admin
		.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, this.broker.bootstrapServers()));

	private final Map<Database, DatabaseServer> databases = new EnumMap<>(Database.class);

	KafkaBroker broker() {
		return this.broker;
	}

	Admin admin() {
		return this.admin;
	}

	TcpProxy toBroker(int instance) {
		return this.proxies.get(instance);
	}

	DatabaseServer database(Database database) {
		return this.databases.computeIfAbsent(database, (key) -> switch (key) {
			case POSTGRESQL -> PostgresServer.start();
			case MARIADB -> MariaDbServer.start();
			case MYSQL -> MySqlServer.shared();
			case H2, H2_AS_MYSQL -> throw new IllegalArgumentException("Not a server: " + key);
		});
	}

	// The databases close when the JVM ends.
	@Override
	public void close() {
		this.admin.close();
		this.broker.close();
		this.proxies.forEach(TcpProxy::close);
	}

}
