package dev.outbox.autoconfigure.publish;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import org.h2.jdbcx.JdbcDataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * A database of its own, whose statements and commits are seen and can be made to fail.
 */
final class ObservedDataSource extends DelegatingDataSource {

	private final String name;

	private final List<String> statements = new CopyOnWriteArrayList<>();

	private final AtomicBoolean failing = new AtomicBoolean();

	ObservedDataSource(String name) {
		super(h2());
		this.name = name;
	}

	@Override
	public Connection getConnection() throws SQLException {
		Connection target = super.getConnection();
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						this.statements.add(((String) arguments[0]).toLowerCase(Locale.ROOT));
					}
					if (method.getName().equals("commit") && this.failing.compareAndSet(true, false)) {
						throw new SQLException("The commit fails");
					}
					try {
						return method.invoke(target, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	void failNextCommit() {
		this.failing.set(true);
	}

	void clear() {
		this.failing.set(false);
		this.statements.clear();
	}

	// Those that begin with one of the prefixes, in their order.
	List<String> statements(String... prefixes) {
		return this.statements.stream().filter((sql) -> List.of(prefixes).stream().anyMatch(sql::startsWith)).toList();
	}

	@Override
	public String toString() {
		return this.name;
	}

	private static JdbcDataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		return dataSource;
	}

}
