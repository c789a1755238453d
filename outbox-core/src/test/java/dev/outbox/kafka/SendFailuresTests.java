package dev.outbox.kafka;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.outbox.dispatch.Trouble;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What each exception of Kafka's client means for what is to be sent. The table names
 * every class there is; one that a later version adds has to be decided about.
 */
class SendFailuresTests {

	// Concerns the record alone.
	private static final String POISON = """
			InvalidRecord RecordBatchTooLarge RecordTooLarge Serialization""";

	// What a broker says of a topic or of one of its partitions.
	private static final String TOPIC = """
			CorruptRecord FencedLeaderEpoch InconsistentTopicId InvalidReplicationFactor InvalidTimestamp InvalidTopic
			KafkaStorage LeaderNotAvailable ListenerNotFound NotEnoughReplicas NotEnoughReplicasAfterAppend
			NotLeaderOrFollower PolicyViolation ReplicaNotAvailable TopicAuthorization UnknownLeaderEpoch UnknownServer
			UnknownTopicId UnknownTopicOrPartition UnsupportedForMessageFormat""";

	// The broker cannot be reached or does not let this client in, the producer has lost
	// its footing, or nothing is known.
	private static final String OUTAGE = """
			Api Authentication Authorization AuthorizerNotReady BrokerNotAvailable BufferExhausted ClusterAuthorization
			DelegationTokenAuthorization DelegationTokenDisabled DelegationTokenExpired DelegationTokenNotFound
			DelegationTokenOwnerMismatch Disconnect DuplicateSequence IllegalSaslState Interrupt InvalidConfiguration
			InvalidPidMapping InvalidPrincipalType InvalidProducerEpoch InvalidRequest InvalidRequiredAcks Kafka
			MismatchedEndpointType Network OutOfOrderSequence PrincipalDeserialization ProducerFenced RebootstrapRequired
			SaslAuthentication SecurityDisabled SslAuthentication ThrottlingQuotaExceeded Timeout UnacceptableCredential
			UnknownProducerId UnsupportedByAuthentication UnsupportedCompressionType UnsupportedEndpointType
			UnsupportedSaslMechanism UnsupportedVersion Wakeup""";

	// Said to consumers, groups, transactions, administrators and other brokers, not to a
	// producer without transactions.
	private static final String NEVER = """
			BrokerIdNotRegistered ConcurrentTransactions ControllerMoved CoordinatorLoadInProgress CoordinatorNotAvailable
			DuplicateBrokerRegistration DuplicateResource DuplicateVoter ElectionNotNeeded EligibleLeadersNotAvailable
			FeatureUpdateFailed FencedInstanceId FencedMemberEpoch FencedStateEpoch FetchSessionIdNotFound
			FetchSessionTopicId GroupAuthorization GroupIdNotFound GroupMaxSizeReached GroupNotEmpty
			GroupSubscribedToTopic IllegalGeneration InconsistentClusterId InconsistentGroupProtocol InconsistentVoterSet
			IneligibleReplica InvalidCommitOffsetSize InvalidFetchSessionEpoch InvalidFetchSize InvalidGroupId
			InvalidOffset InvalidPartitions InvalidRecordState InvalidRegistration InvalidReplicaAssignment InvalidReplicaDirectories
			InvalidSessionTimeout InvalidShareSessionEpoch InvalidTxnState InvalidTxnTimeout InvalidUpdateVersion
			InvalidVoterKey LogDirNotFound MemberIdRequired NewLeaderElected NoReassignmentInProgress NotController
			NotCoordinator OffsetMovedToTieredStorage OffsetNotAvailable OffsetOutOfRange OperationNotAttempted
			PositionOutOfRange PreferredLeaderNotAvailable ReassignmentInProgress RebalanceInProgress
			RecordDeserialization ResourceNotFound ShareSessionLimitReached ShareSessionNotFound SnapshotNotFound
			StaleBrokerEpoch StaleMemberEpoch StreamsInvalidTopology StreamsInvalidTopologyEpoch StreamsTopologyFenced
			TelemetryTooLarge TopicDeletionDisabled TopicExists TransactionAbortable TransactionAborted
			TransactionCoordinatorFenced TransactionalIdAuthorization TransactionalIdNotFound UnknownControllerId
			UnknownMemberId UnknownSubscriptionId UnreleasedInstanceId UnstableOffsetCommit UnsupportedAssignor
			VoterNotFound""";

	private static final Map<String, Trouble> TABLE = table();

	@ParameterizedTest
	@MethodSource("exceptions")
	void kindOfEachExceptionOfKafkasClientIsDecided(Class<?> type) {
		String name = type.getSimpleName().replaceFirst("Exception$", "");
		assertThat(TABLE).as("the table says what %s means", type.getName()).containsKey(name);
		assertThat(SendFailures.kind(type)).isEqualTo(TABLE.get(name));
	}

	@Test
	void tableNamesNoExceptionThatIsNotThere() throws Exception {
		assertThat(exceptions()).map((type) -> type.getSimpleName().replaceFirst("Exception$", ""))
			.doesNotHaveDuplicates()
			.hasSizeGreaterThan(130)
			.containsAll(TABLE.keySet());
	}

	@Test
	void whatIsNotOfKafkaIsAnOutage() {
		assertThat(kind(new IllegalStateException("closed"), true)).isEqualTo(Trouble.OUTAGE);
		assertThat(kind(new RuntimeException("unknown"), false)).isEqualTo(Trouble.OUTAGE);
	}

	@Test
	void causeDecidesWhereTheFailureItselfSaysNothing() {
		assertThat(kind(new KafkaException("failed", new TopicAuthorizationException("topic")), true))
			.isEqualTo(Trouble.TOPIC);
		assertThat(kind(new KafkaException("error state", new ClusterAuthorizationException("no")), true))
			.isEqualTo(Trouble.OUTAGE);
		assertThat(SendFailures.of(new KafkaException("failed", new RecordTooLargeException("9")), true).error())
			.isEqualTo("RecordTooLargeException");
	}

	@Test
	void metadataThatIsMissingForAReasonConcernsTheTopicAndWithoutOneAll() {
		assertThat(kind(new TimeoutException("x", new UnknownTopicOrPartitionException()), false))
			.isEqualTo(Trouble.TOPIC);
		assertThat(kind(new TimeoutException("x"), false)).isEqualTo(Trouble.OUTAGE);
	}

	@Test
	void wrongClockConcernsTheTopicAndNotTheEvent() {
		assertThat(kind(new InvalidTimestampException("too far"), true)).isEqualTo(Trouble.TOPIC);
		assertThat(kind(new InvalidRecordException("rejected due to invalid timestamp"), false))
			.isEqualTo(Trouble.TOPIC);
		assertThat(kind(new UnsupportedVersionException("no timestamp"), true)).isEqualTo(Trouble.OUTAGE);
	}

	@Test
	void whatMayConcernAnotherRecordOfTheBatchIsJudgedOnlyWhenTheRecordWentAlone() {
		for (RuntimeException failure : List.of(new InvalidRecordException("x"), new RecordBatchTooLargeException("x"),
				new KafkaException("it was part of a batch which had invalid records"))) {
			assertThat(kind(failure, false)).as("%s", failure).isEqualTo(Trouble.CLOSED);
		}
		assertThat(kind(new InvalidRecordException("x"), true)).isEqualTo(Trouble.POISON);
		assertThat(kind(new RecordBatchTooLargeException("x"), true)).isEqualTo(Trouble.POISON);
		assertThat(kind(new RecordTooLargeException("x"), false)).isEqualTo(Trouble.POISON);
	}

	static List<Class<?>> exceptions() throws IOException, ClassNotFoundException {
		List<Class<?>> exceptions = new ArrayList<>();
		for (String place : List.of("common/errors/*", "clients/producer/**/*", "common/*")) {
			String pattern = "classpath*:org/apache/kafka/" + place + "Exception.class";
			for (Resource resource : new PathMatchingResourcePatternResolver().getResources(pattern)) {
				String path = resource.getURL().getPath();
				Class<?> type = Class.forName(path.substring(path.lastIndexOf("org/apache/kafka/"))
					.replace('/', '.')
					.replaceFirst("\\.class$", ""));
				if (!Modifier.isAbstract(type.getModifiers())) {
					exceptions.add(type);
				}
			}
		}
		return exceptions;
	}

	private static Trouble kind(Throwable failure, boolean alone) {
		return SendFailures.of(failure, alone).trouble();
	}

	private static Map<String, Trouble> table() {
		Map<String, Trouble> table = new HashMap<>();
		put(table, POISON, Trouble.POISON);
		put(table, TOPIC, Trouble.TOPIC);
		put(table, OUTAGE, Trouble.OUTAGE);
		put(table, NEVER, Trouble.OUTAGE);
		return table;
	}

	private static void put(Map<String, Trouble> table, String names, Trouble kind) {
		for (String name : names.split("\\s+")) {
			assertThat(table.put(name, kind)).as("%s is there once", name).isNull();
		}
	}

}
