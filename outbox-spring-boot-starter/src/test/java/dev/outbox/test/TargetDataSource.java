package dev.outbox.test;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import org.h2.jdbcx.JdbcDataSource;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * One of the databases behind a data source that chooses between several. Counts how
 * often it is chosen, and for what.
 */
final class TargetDataSource extends DelegatingDataSource {

	private final AtomicInteger connections = new AtomicInteger();

	private final List<String> statements = new CopyOnWriteArrayList<>();

	TargetDataSource() {
		super(h2());
	}

	private static JdbcDataSource h2() {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL(Arena.h2());
		return dataSource;
	}

	@Override
	public Connection getConnection() throws SQLException {
		this.connections.incrementAndGet();
		Connection target = super.getConnection();
		return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
				(proxy, method, arguments) -> {
					if (method.getName().equals("prepareStatement")) {
						this.statements.add((String) arguments[0]);
					}
					try {
						return method.invoke(target, arguments);
					}
					catch (InvocationTargetException ex) {
						throw ex.getTargetException();
					}
				});
	}

	int connections() {
		return this.connections.get();
	}

	List<String> statements() {
		return this.statements;
	}

}
