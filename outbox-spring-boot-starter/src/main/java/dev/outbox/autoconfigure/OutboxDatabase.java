package dev.outbox.autoconfigure;

import java.util.Collection;
import java.util.TreeSet;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.outbox.OutboxException;
import dev.outbox.jdbc.SqlDialect;
import dev.outbox.store.OutboxTables;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.StringUtils;
import org.springframework.util.function.SingletonSupplier;

/**
 * The database in which the outbox keeps its events.
 *
 * @since 0.1
 */
public final class OutboxDatabase {

	private final DataSource dataSource;

	private final Supplier<SqlDialect> dialect;

	private final OutboxProperties.Schema schema;

	OutboxDatabase(DataSource dataSource, OutboxProperties.Schema schema) {
		this.dataSource = unwrap(dataSource);
		this.dialect = SingletonSupplier.of(() -> SqlDialect.of(this.dataSource));
		this.schema = schema;
	}

	static OutboxDatabase of(ObjectProvider<DataSource> marked, ObjectProvider<DataSource> all,
			OutboxProperties properties) {
		boolean isMarked = marked.stream().findAny().isPresent();
		try {
			return new OutboxDatabase((isMarked ? marked : all).getObject(), properties.schema());
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new OutboxException("There are several data sources%s: %s. Mark the one in whose transactions events "
				.formatted(isMarked ? " with @OutboxDataSource" : "", beans(ex))
					+ (isMarked ? "are published, and no other" : "are published with @OutboxDataSource or @Primary"),
					ex);
		}
	}

	private static String beans(NoUniqueBeanDefinitionException ex) {
		Collection<String> names = ex.getBeanNamesFound();
		return (names != null) ? String.join(", ", new TreeSet<>(names)) : String.valueOf(ex.getMessage());
	}

	DataSource dataSource() {
		return this.dataSource;
	}

	boolean isOn(@Nullable DataSource dataSource) {
		return dataSource != null && unwrap(dataSource) == this.dataSource;
	}

	SqlDialect dialect() {
		return this.dialect.get();
	}

	OutboxTables tables() {
		String name = StringUtils.hasText(this.schema.name()) ? this.schema.name() : null;
		return dialect().tables(name, this.schema.tablePrefix());
	}

	// As the transaction managers do, which bind the target's connections.
	private static DataSource unwrap(DataSource dataSource) {
		DataSource target = (dataSource instanceof TransactionAwareDataSourceProxy proxy) ? proxy.getTargetDataSource()
				: null;
		return (target != null) ? target : dataSource;
	}

}
