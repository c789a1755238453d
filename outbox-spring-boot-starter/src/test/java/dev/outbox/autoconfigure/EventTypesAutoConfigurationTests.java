package dev.outbox.autoconfigure;

import dev.outbox.EventType;
import dev.outbox.OutboxException;
import dev.outbox.autoconfigure.types.ShopEvents;
import dev.outbox.publish.EventTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * How the event types of an application are found.
 */
class EventTypesAutoConfigurationTests {

	private static final String PACKAGE = "outbox.event-type-packages=dev.outbox.autoconfigure.types";

	private final ApplicationContextRunner runner = OutboxContexts.withOutbox();

	@Test
	void enumsOfThePackagesOfTheApplicationAreFound() {
		this.runner.withUserConfiguration(Application.class)
			.run((context) -> assertThat(context.getBean(EventTypes.class).topics()).containsExactly("shop.closed",
					"shop.nested", "shop.opened", "stock.empty"));
	}

	@Test
	void enumsOfOtherPackagesAreFoundIfTheyAreNamed() {
		this.runner.withPropertyValues(PACKAGE).run((context) -> {
			EventTypes types = context.getBean(EventTypes.class);
			assertThat(types.get("OPENED")).isSameAs(ShopEvents.OPENED);
			assertThat(types.get("CLOSED")).isSameAs(ShopEvents.CLOSED);
			assertThat(types.get("NESTED").topic()).isEqualTo("shop.nested");
			assertThat(types.get("EMPTY").topic()).isEqualTo("stock.empty");
		});
	}

	@Test
	void packageThatIsFoundTwiceIsScannedOnce() {
		this.runner.withUserConfiguration(Application.class)
			.withPropertyValues(PACKAGE + ",dev.outbox.autoconfigure.types.more")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void otherImplementationsThanEnumsAreNotFound() {
		this.runner.withPropertyValues(PACKAGE)
			.run((context) -> assertThatExceptionOfType(OutboxException.class)
				.isThrownBy(() -> context.getBean(EventTypes.class).get("NOT_AN_ENUM"))
				.withMessageContaining("'NOT_AN_ENUM' is not declared"));
	}

	@Test
	void nothingIsFoundWhereNothingIs() {
		this.runner.withPropertyValues("outbox.event-type-packages=no.such.place")
			.run((context) -> assertThat(context.getBean(EventTypes.class).topics()).isEmpty());
	}

	@Test
	void beansAreTypesToo() {
		this.runner.withUserConfiguration(Beans.class).run((context) -> {
			EventTypes types = context.getBean(EventTypes.class);
			assertThat(types.get("SHIPPED")).isSameAs(context.getBean("shipped"));
			assertThat(types.get("RECEIVED").topic()).isEqualTo("parcels");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox.event-types.SHIPPED=parcels", "outbox.event-types[SHIPPED]=parcels" })
	void propertiesAreTypesToo(String property) {
		this.runner.withPropertyValues(property)
			.run((context) -> assertThat(context.getBean(EventTypes.class).get("SHIPPED").topic())
				.isEqualTo("parcels"));
	}

	@Test
	void namesInPropertiesKeepTheirUnderscores() {
		this.runner
			.withPropertyValues("outbox.event-types.ORDER_CREATED=orders", "outbox.event-types.order-paid=orders")
			.run((context) -> {
				assertThat(context.getBean(EventTypes.class).get("ORDER_CREATED").topic()).isEqualTo("orders");
				assertThat(context.getBean(EventTypes.class).get("order-paid").topic()).isEqualTo("orders");
			});
	}

	@Test
	void twoTypesOfOneNameAreRefusedWhereverTheyComeFrom() {
		this.runner.withPropertyValues(PACKAGE, "outbox.event-types.OPENED=elsewhere")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(OutboxException.class)
				.hasMessageContainingAll("Two event types have the name 'OPENED'", ShopEvents.class.getName(),
						"'elsewhere'"));
	}

	@Test
	void topicThatIsNotLegalIsRefused() {
		this.runner.withPropertyValues("outbox.event-types.OPENED=not a topic")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(OutboxException.class)
				.hasMessageContainingAll("OPENED", "'not a topic'", "is not legal in Kafka"));
	}

	@Configuration(proxyBeanMethods = false)
	@AutoConfigurationPackage(basePackages = "dev.outbox.autoconfigure.types")
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		EventType shipped() {
			return new Declared("SHIPPED", "parcels");
		}

		@Bean
		EventType received() {
			return new Declared("RECEIVED", "parcels");
		}

	}

	private record Declared(String name, String topic) implements EventType {

	}

}
