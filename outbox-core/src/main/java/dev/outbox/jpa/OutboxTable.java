package dev.outbox.jpa;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.outbox.OutboxException;
import org.hibernate.annotations.TypeBinderType;
import org.hibernate.binder.TypeBinder;
import org.hibernate.boot.spi.MetadataBuildingContext;
import org.hibernate.cfg.SchemaToolingSettings;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Table;

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
				context.getMetadataCollector()
					.addSecondPass((entities) -> entities.values().forEach((other) -> check(other, table)));
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
		private static void check(PersistentClass entity, String outbox) {
			Table table = entity.getTable();
			if (table.isPhysicalTable() && isOf(outbox.replaceAll("[`\"]", ""), name(table))) {
				throw new OutboxException(
						"Table %s of entity %s is one of the outbox's, and Hibernate would change it. Map the entity to "
							.formatted(name(table), entity.getClassName())
								+ "another table by @Table, or set outbox.schema.table-prefix");
			}
		}

		private static boolean isOf(String outbox, String name) {
			return Stream.of("", "_attempt", "_parked", "_lock")
				.anyMatch((part) -> name.equalsIgnoreCase(outbox + part));
		}

		private static String name(Table table) {
			String schema = (table.getSchema() != null) ? table.getSchema() : table.getCatalog();
			return (schema != null) ? schema + "." + table.getName() : table.getName();
		}

	}

}
