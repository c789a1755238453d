package dev.outbox.benchmarks.contestant;

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

	private @Nullable Contestant contestant;

	@Override
	public void setEnvironment(Environment environment) {
		this.contestant = environment.getRequiredProperty("benchmark.contestant", Contestant.class);
	}

	@Override
	public boolean[] match(@Nullable String[] names, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[names.length];
		for (int i = 0; i < names.length; i++) {
			String name = names[i];
			matches[i] = name == null || this.contestant == null || !this.contestant.isOfAnother(name);
		}
		return matches;
	}

}
