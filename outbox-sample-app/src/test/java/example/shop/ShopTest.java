package example.shop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;

/**
 * Runs the whole shop on a database in memory and a broker of its own. Each listener has
 * three threads, which contend for the same rows as several instances would.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "spring.datasource.url=jdbc:h2:mem:shop;MODE=MySQL;LOCK_TIMEOUT=10000;DB_CLOSE_DELAY=-1",
				"spring.kafka.listener.concurrency=3", "shop.broker.port=0",
				"shop.broker.folder=target/test-kafka/${random.uuid}" })
@interface ShopTest {

}
