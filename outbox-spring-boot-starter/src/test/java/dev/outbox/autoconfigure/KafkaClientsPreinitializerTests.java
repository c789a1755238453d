package dev.outbox.autoconfigure;

import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.preinitialize.BackgroundPreinitializer;
import org.springframework.core.io.support.SpringFactoriesLoader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link KafkaClientsPreinitializer}.
 */
class KafkaClientsPreinitializerTests {

	@Test
	void isFoundByBootAndCanLoadAllThatItNames() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation(getClass().getClassLoader())
			.load(BackgroundPreinitializer.class)).filteredOn(KafkaClientsPreinitializer.class::isInstance)
			.singleElement()
			.satisfies(BackgroundPreinitializer::preinitialize);
	}

}
