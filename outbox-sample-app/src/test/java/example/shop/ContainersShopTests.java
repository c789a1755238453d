package example.shop;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.mysql.MySQLContainer;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.ActiveProfiles;

/**
 * The shop on MySQL and Kafka in containers, of the images of docker-compose.yml. It is
 * closed after its tests, not as the JVM ends: Testcontainers may remove the containers
 * first then, and the shop would wait for them.
 */
@Tag("long")
@ExtendWith(DockerCondition.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT, properties = "spring.kafka.listener.concurrency=3")
@ActiveProfiles("docker")
@DirtiesContext
class ContainersShopTests extends ShopContract {

	@TestConfiguration(proxyBeanMethods = false)
	static class Servers {

		@Bean
		@ServiceConnection
		MySQLContainer mysql() {
			return new MySQLContainer(ComposeFile.image("mysql"));
		}

		@Bean
		@ServiceConnection
		KafkaContainer kafka() {
			return new KafkaContainer(ComposeFile.image("kafka")).withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false");
		}

	}

}
