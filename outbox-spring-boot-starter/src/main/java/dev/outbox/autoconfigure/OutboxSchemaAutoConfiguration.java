package dev.outbox.autoconfigure;

import javax.sql.DataSource;

import dev.outbox.jdbc.SqlDialect;
import dev.outbox.schema.FlywaySchemaMigration;
import dev.outbox.schema.SchemaCheck;
import dev.outbox.store.OutboxTables;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.util.ClassUtils;

/**
 * Auto-configuration of the outbox's tables.
 *
 * @since 0.1
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class)
@ConditionalOnSingleCandidate(DataSource.class)
@EnableConfigurationProperties(OutboxProperties.class)
public final class OutboxSchemaAutoConfiguration {

	private static final String FLYWAY = "org.flywaydb.core.Flyway";

	@Bean
	@ConditionalOnMissingBean
	OutboxSchema outboxSchema(DataSource dataSource, OutboxProperties properties) {
		SqlDialect dialect = SqlDialect.of(dataSource);
		OutboxTables tables = dialect.tables(properties.schema().name(), properties.schema().tablePrefix());
		boolean migrate = properties.schema().migrate() && ClassUtils.isPresent(FLYWAY, getClass().getClassLoader());
		return new OutboxSchema(migrate ? new FlywaySchemaMigration(dataSource, dialect.vendor(), tables) : null,
				new SchemaCheck(dataSource, dialect.vendor(), tables));
	}

}
