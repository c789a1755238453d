package dev.outbox.benchmarks.contestant;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;
import org.springframework.context.EnvironmentAware;
import org.springframework.core.env.Environment;

/**
 * Keeps each contestant from the auto-configurations of the others, which are on the same
 * class path.
 */
class OwnAutoConfigurations implements AutoConfigurationImportFilter, EnvironmentAware {

	private List<String> others = List.of();

	@Override
	public void setEnvironment(Environment environment) {
		String own = environment.getRequiredProperty("benchmark.contestant", Contestant.class).autoConfigurations();
		this.others = Arrays.stream(Contestant.values())
			.map(Contestant::autoConfigurations)
			.filter((prefix) -> !prefix.isEmpty() && !prefix.equals(own))
			.distinct()
			.toList();
	}

	@Override
	public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[names.length];
		for (int i = 0; i < names.length; i++) {
			String name = names[i];
			matches[i] = name == null || this.others.stream().noneMatch(name::startsWith);
		}
		return matches;
	}

}
