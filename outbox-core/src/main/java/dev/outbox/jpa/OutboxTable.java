package dev.outbox.jpa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import dev.outbox.OutboxException;
import org.hibernate.annotations.TypeBinderType;
import org.hibernate.binder.TypeBinder;
import org.hibernate.boot.model.internal.OptionalDeterminationSecondPass;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.relational.Database;
import org.hibernate.boot.spi.InFlightMetadataCollector;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.engine.jdbc.env.spi.JdbcEnvironment;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Table;
import org.jspecify.annotations.Nullable;

/**
 * Has an entity read from the table that the persistence unit names, and keeps Hibernate
 * from changing the outbox's tables for other entities.
 */
@TypeBinderType(binder = OutboxTable.Binder.class)
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@interface OutboxTable {

	/**
	 * Changes the entity's query. A naming strategy would not do: it belongs to the
	 * application, and does not see queries.
	 */
	final class Binder implements TypeBinder<OutboxTable> {

		private static final Set<String> TABLES_STAY = Set.of("none", "validate");

		@Override
		public void bind(OutboxTable annotation, MetadataBuildingContext context, PersistentClass entity) {
			Map<String, Object> settings = context.getBootstrapContext().getConfigurationService().getSettings();
			String table = String.valueOf(settings.getOrDefault(Outbox.TABLE_PROPERTY, "outbox"));
			entity.getTable().setSubselect(Outbox.SELECT + table);
			if (tablesChange(settings)) {
				InFlightMetadataCollector metadata = context.getMetadataCollector();
				Database database = metadata.getDatabase();
				// Of the passes in which tables can be looked at, those that come after
				// the ones in which Hibernate finds the tables of collections.
				metadata.addSecondPass((OptionalDeterminationSecondPass) (entities) -> metadata.collectTableMappings()
					.forEach((other) -> check(other, schema(other, settings, database), table.replaceAll("[`\"]", ""),
							database)));
			}
		}

		@Override
		public void bind(OutboxTable annotation, MetadataBuildingContext context, Component embeddable) {
			throw new IllegalArgumentException("@OutboxTable is for entities");
		}

		private static boolean tablesChange(Map<String, Object> settings) {
			return Stream.of(SchemaToolingSettings.HBM2DDL_AUTO, SchemaToolingSettings.JAKARTA_HBM2DDL_DATABASE_ACTION)
				.map(settings::get)
				.anyMatch((action) -> action != null
						&& !TABLES_STAY.contains(action.toString().toLowerCase(Locale.ROOT)));
		}

		// Hibernate would drop the outbox's table and create the other's, or add columns
		// to it.
		private static void check(Table table, @Nullable String schema, String outbox, Database database) {
			if (table.isPhysicalTable() && isOf(outbox.substring(outbox.lastIndexOf('.') + 1), table.getName())
					&& isMaybeSame(schema(outbox, database), schema)) {
				throw new OutboxException(
						("Table %s, to which the application has mapped an entity, or a collection or "
								+ "association of one, is one of the outbox's, and Hibernate would change it. Name another "
								+ "table in the mapping, or set outbox.schema.table-prefix")
							.formatted(table.getName()));
			}
		}

		private static boolean isOf(String outbox, String name) {
			return Stream.of("", "_attempt", "_parked", "_lock")
				.anyMatch((part) -> name.equalsIgnoreCase(outbox + part));
		}

		private static boolean isMaybeSame(@Nullable String one, @Nullable String other) {
			return one == null || one.equalsIgnoreCase(other) || other == null;
		}

		private static @Nullable String schema(String outbox, Database database) {
			int end = outbox.lastIndexOf('.');
			return (end > 0) ? outbox.substring(0, end) : current(database);
		}

		private static @Nullable String schema(Table table, Map<String, Object> settings, Database database) {
			return Stream
				.of(table.getSchema(), table.getCatalog(), settings.get(MappingSettings.DEFAULT_SCHEMA),
						settings.get(MappingSettings.DEFAULT_CATALOG))
				.filter(Objects::nonNull)
				.findFirst()
				.map(Object::toString)
				.orElseGet(() -> current(database));
		}

		// That of the connections: in MySQL and MariaDB it is called a catalog.
		private static @Nullable String current(Database database) {
			JdbcEnvironment jdbc = database.getJdbcEnvironment();
			String schema = text(jdbc.getCurrentSchema());
			return (schema != null) ? schema : text(jdbc.getCurrentCatalog());
		}

		private static @Nullable String text(@Nullable Identifier identifier) {
			return (identifier != null) ? identifier.getText() : null;
		}

	}

}
