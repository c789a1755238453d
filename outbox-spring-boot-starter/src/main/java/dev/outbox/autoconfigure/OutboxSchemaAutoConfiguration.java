package dev.outbox.autoconfigure;

import javax.sql.DataSource;

import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.schema.SchemaCheck;
import dev.outbox.store.OutboxTables;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the outbox's tables.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@Conditional(OnDataSourceCondition.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxSchemaAutoConfiguration {

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	@Bean
	@ConditionalOnMissingBean
	OutboxDatabase outboxDatabase(@OutboxDataSource ObjectProvider<DataSource> marked, ObjectProvider<DataSource> all,
			OutboxProperties properties) {
		return OutboxDatabase.of(marked, all, properties);
	}

	@Bean
	@ConditionalOnMissingBean
	OutboxSchema outboxSchema(OutboxDatabase database, OutboxProperties properties) {
		DataSource dataSource = database.dataSource();
		String vendor = database.dialect().vendor();
		OutboxTables tables = database.tables();
		boolean migrate = properties.schema().migrate() && ClassUtils.isPresent(FLYWAY, getClass().getClassLoader());
		return new OutboxSchema(migrate ? new FlywaySchemaMigration(dataSource, vendor, tables) : null,
				new SchemaCheck(dataSource, vendor, tables));
	}

}
