package dev.outbox.autoconfigure.publish;

import javax.sql.DataSource;

import dev.outbox.autoconfigure.OutboxAutoConfiguration;
import dev.outbox.autoconfigure.OutboxSchemaAutoConfiguration;
import dev.outbox.jpa.PersistenceContextFlush;
import dev.outbox.publish.OutboxTransactions;
import dev.outbox.store.OutboxStore;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * An application that publishes. In place of the dispatcher it has {@link Handovers}.
 */
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage
@ImportAutoConfiguration({ DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JacksonAutoConfiguration.class, OutboxSchemaAutoConfiguration.class,
		OutboxAutoConfiguration.class })
class PublishingApplication {

	@Bean
	ObservedDataSource dataSource() {
		return new ObservedDataSource("the outbox's database");
	}

	@Bean
	Handovers handovers() {
		return new Handovers();
	}

	@Bean
	Callbacks callbacks() {
		return new Callbacks();
	}

	@Bean
	OutboxTransactions outboxTransactions(ObjectProvider<DataSource> dataSource, ObjectProvider<OutboxStore> store,
			Handovers handovers) {
		return new OutboxTransactions(dataSource::getObject, store::getObject, new PersistenceContextFlush(),
				() -> handovers);
	}

}
