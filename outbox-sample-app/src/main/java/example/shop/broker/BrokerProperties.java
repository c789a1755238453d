package example.shop.broker;

import java.nio.file.Path;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where the embedded broker listens and keeps its data.
 *
 * @param port the port, another one if it is taken
 * @param folder the folder of its data
 */
@ConfigurationProperties("shop.broker")
record BrokerProperties(@DefaultValue("9092") int port, @DefaultValue("target/data/kafka") Path folder) {

}
