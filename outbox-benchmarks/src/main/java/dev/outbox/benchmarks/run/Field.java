package dev.outbox.benchmarks.run;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

import dev.outbox.benchmarks.contestant.Commits;
import dev.outbox.benchmarks.contestant.Contestant;
import dev.outbox.benchmarks.contestant.Load;

/**
 * The contestants that are running.
 */
public final class Field implements AutoCloseable {

	private final Map<Site, List<Instance>> instances = new LinkedHashMap<>();

	private final Servers servers;

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private int run;

	/**
	 * Start contestants.
	 * @param contestants who takes part
	 * @param servers the servers
	 * @param counts by how many instances each takes part: once with each number
	 */
	public Field(List<Contestant> contestants, Servers servers, List<Integer> counts) {
		this.servers = servers;
		for (int count : counts) {
			for (Contestant contestant : contestants) {
				Site site = new Site(contestant, servers, count);
				this.instances.put(site, Stream.generate(site::launch).limit(count).toList());
			}
		}
	}

	Set<Site> sites() {
		return this.instances.keySet();
	}

	int nextRun() {
		this.run++;
		return this.run;
	}

	// Carries out a load on all instances of a contestant.
	CompletableFuture<Commits> run(Site site, Load load) {
		List<Instance> all = instances(site);
		Load share = load.share(all.size());
		return CompletableFuture.supplyAsync(() -> Commits.all(all.stream()
			.map((instance) -> CompletableFuture.supplyAsync(() -> instance.run(share), this.threads))
			.toList()
			.stream()
			.map(CompletableFuture::join)
			.toList()), this.threads);
	}

	// What has been used so far for a contestant, and by the servers for whomever.
	ProcessorTime cpu(Site site) {
		return new ProcessorTime(instances(site).stream().map(Instance::cpu).reduce(Duration.ZERO, Duration::plus),
				this.servers.databaseCpu(), this.servers.broker().cpu());
	}

	private List<Instance> instances(Site site) {
		return this.instances.getOrDefault(site, List.of());
	}

	@Override
	public void close() {
		this.instances.values().forEach((all) -> all.forEach(Instance::close));
		this.instances.keySet().forEach(Site::close);
		this.threads.shutdownNow();
	}

}
