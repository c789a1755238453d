package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.benchmarks.contestant.Contestant;

/**
 * Starts the contestants' applications, one after the other, again and again. Their
 * tables are there already, and empty.
 */
public final class Start {

	private final Servers servers;

	/**
	 * Create the workload.
	 * @param servers the servers
	 */
	public Start(Servers servers) {
		this.servers = servers;
	}

	/**
	 * Start each contestant several times.
	 * @param contestants who takes part
	 * @param rounds how often
	 * @return how long the starts took, without those of the JVMs
	 */
	public Map<String, List<Duration>> run(List<Contestant> contestants, int rounds) {
		List<Site> sites = contestants.stream().map((contestant) -> new Site(contestant, this.servers, 1)).toList();
		try {
			// The first one creates the tables.
			sites.forEach((site) -> site.launch().close());
			Map<String, List<Duration>> starts = new LinkedHashMap<>();
			for (int round = 0; round < rounds; round++) {
				List<Site> order = new ArrayList<>(sites);
				Collections.rotate(order, -round);
				order.forEach((site) -> {
					try (Instance instance = site.launch()) {
						starts.computeIfAbsent(site.title(), (title) -> new ArrayList<>()).add(instance.start());
					}
				});
			}
			return starts;
		}
		finally {
			sites.forEach(Site::close);
		}
	}

}
