package example.shop.broker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class EmbeddedBrokerTests {

	@Test
	void whatItStoresIsThereAfterARestartOnAnotherPort(@TempDir Path folder) throws Exception {
		EmbeddedBroker first = new EmbeddedBroker(folder, Ports.free());
		first.start();
		try (Admin admin = connect(first)) {
			admin.createTopics(List.of(new NewTopic("letters", 2, (short) 1))).all().get();
		}
		first.stop();
		EmbeddedBroker second = new EmbeddedBroker(folder, Ports.free());
		second.start();
		try (Admin admin = connect(second)) {
			assertThat(admin.listTopics().names().get()).isEqualTo(Set.of("letters"));
		}
		second.stop();
	}

	@Test
	void aPortThatIsTakenIsReplacedByAnother() throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
			assertThat(Ports.freeOr(taken.getLocalPort())).isPositive().isNotEqualTo(taken.getLocalPort());
		}
	}

	private static Admin connect(EmbeddedBroker broker) {
		return Admin.create(Map.of(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, broker.getBootstrapServers()));
	}

}
