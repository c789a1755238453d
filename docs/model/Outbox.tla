------------------------------- MODULE Outbox -------------------------------
(***************************************************************************)
(* How the events of one topic and partition key get from the table to     *)
(* Kafka: several instances, each with a dispatcher of its own, any of     *)
(* which may believe itself the relay at any time, and everything that may *)
(* go wrong on the way.                                                    *)
(*                                                                         *)
(* One key suffices. Keys share nothing but a channel and the pages of a   *)
(* relay: a channel may close, or its partition be proven, for another     *)
(* key's sake at any time, and a page may end anywhere.                    *)
(*                                                                         *)
(* docs/ordering.md gives the argument in words and names the code.        *)
(* ProtocolModelTests has TLC check it, and has it refute each mutant.     *)
(***************************************************************************)
EXTENDS Naturals, Sequences, FiniteSets, TLC

CONSTANTS
    Instances,   \* the application's instances
    Events,      \* how many ids are drawn
    Rollbacks,   \* how many transactions are rolled back
    Crashes,     \* how often an instance is killed and started again
    Closes,      \* how often a channel is given up, by a time-out or an outage
    Refusals,    \* how many sends Kafka refuses
    Growths,     \* how often the topic gets more partitions
    Losses,      \* how many confirmations are lost, or records by the broker
    Mutant       \* "none", or what is broken on purpose

VARIABLES
    next,        \* the id that is drawn next
    open,        \* ids, and their instances, of transactions that have stored their event and not ended
    preceding,   \* for each id, the highest one below it that was pending when that was asked
    table,       \* ids of rows that are committed, and neither cleared nor parked
    handing,     \* committed ids on their way to their instance's dispatcher
    parked,      \* ids taken out of the order
    log,         \* ids in the order of their first append
    lost,        \* appended ids that the confirming consumer will not read
    committed,   \* every id ever committed
    late,        \* what closed channels had under way, still to be appended or never
    partition,   \* the key's present partition
    left,        \* how many faults of each kind are left
    unsent,      \* own events handed over and not sent
    sentTo,      \* every row up to this id was sent through the channel, or is gone
    answer,      \* what the table has answered to the dispatcher, not yet worked off
    flight,      \* what is under way, in the order of sending
    knows,       \* the partition that the channel's producer knows
    proven,      \* whether that partition has acknowledged something to the channel
    pass         \* the relay's pass

global == <<next, open, preceding, table, handing, parked, log, lost, committed, late, partition, left>>
local == <<unsent, sentTo, answer, flight, knows, proven, pass>>
vars == <<global, local>>

Ids == 1..Events
Unknown == Events + 1
NoAnswer == [after |-> 0, found |-> <<>>]
NoPass == [after |-> 0, bound |-> 0, page |-> <<>>, blocked |-> FALSE]

Range(s) == {s[n] : n \in DOMAIN s}
Min(S) == CHOOSE x \in S : \A y \in S : x <= y
Max(S) == CHOOSE x \in S : \A y \in S : x >= y
Lower(a, b) == IF a < b THEN a ELSE b
Higher(a, b) == IF a > b THEN a ELSE b

RECURSIVE Sorted(_)
Sorted(S) == IF S = {} THEN <<>> ELSE <<Min(S)>> \o Sorted(S \ {Min(S)})

\* What waits to be appended to a partition; what follows a refused record never will be.
RECURSIVE Queued(_, _)
Queued(s, to) ==
    IF s = <<>> \/ (Head(s).to = to /\ Head(s).is = "refused") THEN <<>>
    ELSE (IF Head(s).to = to /\ Head(s).is = "queued" THEN <<Head(s).id>> ELSE <<>>) \o Queued(Tail(s), to)

IdsOf(s) == {s[n].id : n \in DOMAIN s}

Init ==
    /\ next = 1 /\ open = {} /\ table = {} /\ preceding = [e \in Ids |-> Unknown]
    /\ handing = {} /\ parked = {} /\ log = <<>> /\ lost = {} /\ committed = {} /\ late = {}
    /\ partition = 0
    /\ left = [rollback |-> Rollbacks, crash |-> Crashes, close |-> Closes, refuse |-> Refusals, grow |-> Growths, lose |-> Losses]
    /\ unsent = [i \in Instances |-> {}]
    /\ sentTo = [i \in Instances |-> 0]
    /\ answer = [i \in Instances |-> NoAnswer]
    /\ flight = [i \in Instances |-> <<>>]
    /\ knows = [i \in Instances |-> 0]
    /\ proven = [i \in Instances |-> FALSE]
    /\ pass = [i \in Instances |-> NoPass]

-----------------------------------------------------------------------------
(* Publishing. Transactions for one key exclude each other from the time when they draw
   their ids, since the aggregate's row is locked by then. *)

\* One mutant has the table looked at as it was before the lock was taken.
Store(i) ==
    /\ next \in Ids
    /\ Mutant = "no flush before the insert" \/ open = {}
    /\ next' = next + 1
    /\ open' = open \cup {<<next, i>>}
    /\ preceding' = [preceding EXCEPT ![next] = IF Mutant = "what precedes as of an old snapshot" THEN 0 ELSE @]
    /\ UNCHANGED <<table, handing, parked, log, lost, committed, late, partition, left, local>>

\* At any time from then on, on another connection, while the transaction may be ending. One mutant
\* decides at once whether the event may be sent.
Ask == \E e \in Ids, i \in Instances :
    /\ preceding[e] = Unknown
    /\ <<e, i>> \in open \cup handing \/ e \in unsent[i]
    /\ LET below == {x \in table : x < e}
           highest == IF below = {} THEN 0 ELSE Max(below)
       IN preceding' = [preceding EXCEPT ![e] =
            IF Mutant = "the order check before the commit" /\ highest <= sentTo[i] THEN 0 ELSE highest]
    /\ UNCHANGED <<next, open, table, handing, parked, log, lost, committed, late, partition, left, local>>

Commit == \E t \in open :
    /\ open' = open \ {t}
    /\ table' = table \cup {t[1]}
    /\ committed' = committed \cup {t[1]}
    /\ handing' = handing \cup {t}
    /\ UNCHANGED <<next, preceding, parked, log, lost, late, partition, left, local>>

Rollback == \E t \in open :
    /\ left.rollback > 0
    /\ left' = [left EXCEPT !.rollback = @ - 1]
    /\ open' = open \ {t}
    /\ UNCHANGED <<next, preceding, table, handing, parked, log, lost, committed, late, partition, local>>

-----------------------------------------------------------------------------
(* One instance's dispatcher. While the table is being asked, everything else goes on. The first
   event for a partition goes alone, and none while one of its key is under way to another
   partition. *)

MayFollow(i) ==
    /\ (\A n \in DOMAIN flight[i] : flight[i][n].to = knows[i]) \/ Mutant = "no wait when the topic has grown"
    /\ proven[i] \/ Mutant = "pipelined from the first"

CanSend(i) == flight[i] = <<>> \/ MayFollow(i)

Send(i, e, own) ==
    /\ flight' = [flight EXCEPT ![i] = Append(@, [id |-> e, is |-> "queued", to |-> knows[i], own |-> own])]
    /\ sentTo' = [sentTo EXCEPT ![i] = Higher(@, e)]
    /\ unsent' = [unsent EXCEPT ![i] = @ \ {e}]

HandOver == \E t \in handing :
    /\ handing' = handing \ {t}
    /\ unsent' = [unsent EXCEPT ![t[2]] = @ \cup {t[1]}]
    /\ UNCHANGED <<next, open, preceding, table, parked, log, lost, committed, late, partition, left>>
    /\ UNCHANGED <<sentTo, answer, flight, knows, proven, pass>>

\* Without a look at the table. By now the event itself may be gone from it: then it is repeated.
SendNext(i) ==
    /\ \E e \in unsent[i] : preceding[e] <= sentTo[i] /\ CanSend(i) /\ Send(i, e, TRUE)
    /\ UNCHANGED <<global, answer, knows, proven, pass>>

\* The pending rows of the key that follow what was sent.
Look(i) ==
    /\ answer[i] = NoAnswer
    /\ unsent[i] # {}
    /\ LET found == Sorted({e \in table : e > sentTo[i]})
       IN /\ found # <<>>
          /\ answer' = [answer EXCEPT ![i] =
                [after |-> sentTo[i], found |-> SubSeq(found, 1, Lower(Len(found), Cardinality(unsent[i])))]]
    /\ UNCHANGED <<global, unsent, sentTo, flight, knows, proven, pass>>

\* In one step: to enqueue is not to append.
RECURSIVE Sends(_, _, _)
Sends(i, found, under) ==
    IF found = <<>> \/ found[1] \notin unsent[i] \/ ~(under = <<>> \/ MayFollow(i)) THEN <<>>
    ELSE <<found[1]>> \o Sends(i, Tail(found), <<found[1]>>)

\* What was sent meanwhile is passed over. If a failure has taken back what was sent before the
\* question, the answer lacks rows and is void.
Usable(i) ==
    IF sentTo[i] < answer[i].after /\ Mutant # "an answer from before a failure"
    THEN <<>>
    ELSE SelectSeq(answer[i].found, LAMBDA e : e > sentTo[i])

SendOwn(i) ==
    /\ answer[i] # NoAnswer
    /\ LET sent == Sends(i, Usable(i), flight[i])
       IN /\ flight' = [flight EXCEPT ![i] = @ \o [n \in DOMAIN sent |-> [id |-> sent[n], is |-> "queued", to |-> knows[i], own |-> TRUE]]]
          /\ sentTo' = [sentTo EXCEPT ![i] = Max({@} \cup Range(sent))]
          /\ unsent' = [unsent EXCEPT ![i] = @ \ Range(sent)]
    /\ answer' = [answer EXCEPT ![i] = NoAnswer]
    /\ UNCHANGED <<global, knows, proven, pass>>

\* Own events that do not follow what was sent: gone, or handed over after the relay has sent them.
SendLate(i) ==
    /\ \E e \in unsent[i] :
        IF e \in table
        THEN e <= sentTo[i] /\ CanSend(i) /\ Send(i, e, TRUE)
        ELSE /\ unsent' = [unsent EXCEPT ![i] = @ \ {e}]
             /\ UNCHANGED <<flight, sentTo>>
    /\ UNCHANGED <<global, answer, knows, proven, pass>>

SendUnchecked(i) ==
    /\ Mutant = "no order check"
    /\ \E e \in unsent[i] : CanSend(i) /\ Send(i, e, TRUE)
    /\ UNCHANGED <<global, answer, knows, proven, pass>>

-----------------------------------------------------------------------------
(* The relay: a pass over the table from the lowest id up, in pages. Rows of other keys decide
   where a page ends. A pass sends nothing that was not there when it began. *)

Running(i) == pass[i].bound > 0

Read(p, upTo) ==
    LET stale == {e \in table : e > p.after /\ e <= upTo /\ e <= p.bound}
    IN {[p EXCEPT !.after = upTo, !.bound = IF upTo = Events THEN Events ELSE @, !.page = Sorted(found),
            !.blocked = @ /\ Mutant # "blocked for one page only"] :
        found \in IF Mutant = "the relay skips locked rows" THEN SUBSET stale ELSE {stale}}

Ends(p) == {e \in Ids : e > p.after /\ e < p.bound} \cup {Events}

AtEnd(p) == p.page = <<>> /\ p.after = Events

ReadPage(i) ==
    /\ Mutant # "no relay"
    /\ pass[i].page = <<>>
    /\ \E p \in IF Running(i) THEN {pass[i]} ELSE
            {[after |-> from, bound |-> IF Mutant = "an unbounded pass" THEN Events ELSE next - 1,
              page |-> <<>>, blocked |-> FALSE] :
                from \in IF table = {} /\ open = {} /\ Mutant # "an unbounded pass" THEN {}
                        ELSE IF Mutant = "the relay starts in the middle" THEN 0..(next - 2) ELSE {0}} :
        \E upTo \in Ends(p) : \E read \in Read(p, upTo) :
            pass' = [pass EXCEPT ![i] = IF AtEnd(read) THEN NoPass ELSE read]
    /\ UNCHANGED <<global, unsent, sentTo, answer, flight, knows, proven>>

Further(p, blocked) ==
    LET q == [p EXCEPT !.page = Tail(@), !.blocked = blocked] IN IF AtEnd(q) THEN NoPass ELSE q

Row(i) == Head(pass[i].page)
InFlight(i, e) == e \in IdsOf(flight[i])
AtRow(i) == pass[i].page # <<>>

\* Under way already, or behind a row that was not sent.
StepOver(i) ==
    /\ AtRow(i)
    /\ pass[i].blocked \/ InFlight(i, Row(i))
    /\ pass' = [pass EXCEPT ![i] = Further(@, @.blocked)]
    /\ UNCHANGED <<global, unsent, sentTo, answer, flight, knows, proven>>

\* Sent lately, not due yet, or waiting for too long for what is under way.
NotNow(i) ==
    /\ AtRow(i)
    /\ ~pass[i].blocked /\ ~InFlight(i, Row(i))
    /\ pass' = [pass EXCEPT ![i] = Further(@, Row(i) > sentTo[i] /\ Mutant # "the relay steps over what is not due")]
    /\ UNCHANGED <<global, unsent, sentTo, answer, flight, knows, proven>>

Resend(i) ==
    /\ AtRow(i)
    /\ ~pass[i].blocked /\ ~InFlight(i, Row(i))
    /\ CanSend(i)
    /\ Send(i, Row(i), FALSE)
    /\ pass' = [pass EXCEPT ![i] = Further(@, @.blocked)]
    /\ UNCHANGED <<global, answer, knows, proven>>

-----------------------------------------------------------------------------
(* Kafka, and the channel to it. An idempotent producer's records are appended in the order
   in which they were sent, and once. Once the broker knows the producer's sequence for the
   partition, it refuses whatever follows a refused record. *)

Before(i, n) == {m \in 1..(n - 1) : flight[i][m].to = flight[i][n].to}

Known(i, to) ==
    \/ proven[i] /\ to = knows[i]
    \/ \E n \in DOMAIN flight[i] : flight[i][n].to = to /\ flight[i][n].is = "appended"

Appended(e) ==
    /\ log' = IF e \in Range(log) THEN log ELSE Append(log, e)
    /\ lost' = lost \ {e}

Queue(i, to) == {n \in DOMAIN flight[i] : flight[i][n].is = "queued" /\ flight[i][n].to = to}

Partitions == 0..Growths

AppendOne(i) ==
    /\ \E to \in Partitions :
        /\ Queue(i, to) # {}
        /\ LET n == Min(Queue(i, to))
           IN /\ Known(i, to) => \A m \in Before(i, n) : flight[i][m].is = "appended"
              /\ flight' = [flight EXCEPT ![i][n].is = "appended"]
              /\ Appended(flight[i][n].id)
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, committed, late, partition, left>>
    /\ UNCHANGED <<unsent, sentTo, answer, knows, proven, pass>>

Refuse(i) ==
    /\ left.refuse > 0
    /\ \E to \in Partitions :
        /\ Queue(i, to) # {}
        /\ LET n == Min(Queue(i, to))
           IN /\ \A m \in Before(i, n) : flight[i][m].is = "appended"
              /\ flight' = [flight EXCEPT ![i][n].is = "refused"]
    /\ left' = [left EXCEPT !.refuse = @ - 1]
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, log, lost, committed, late, partition>>
    /\ UNCHANGED <<unsent, sentTo, answer, knows, proven, pass>>

\* An event of another key was acknowledged by the partition.
Prove(i) ==
    /\ ~proven[i]
    /\ \A n \in DOMAIN flight[i] : flight[i][n].to # knows[i]
    /\ proven' = [proven EXCEPT ![i] = TRUE]
    /\ UNCHANGED <<global, unsent, sentTo, answer, flight, knows, pass>>

Acknowledge(i) ==
    /\ flight[i] # <<>>
    /\ Head(flight[i]).is = "appended"
    /\ flight' = [flight EXCEPT ![i] = Tail(@)]
    /\ proven' = [proven EXCEPT ![i] = @ \/ Head(flight[i]).to = knows[i]]
    /\ UNCHANGED <<global, unsent, sentTo, answer, knows, pass>>

\* Everything that was not acknowledged is unsent again before another channel is opened. A pass
\* of the relay goes on without its keys, or ends.
Lost(i, gone) ==
    LET void == IdsOf(flight[i])
        own == {flight[i][n].id : n \in {m \in DOMAIN flight[i] : flight[i][m].own}}
    IN IF Mutant = "what a closed channel had under way counts as sent"
       THEN UNCHANGED <<unsent, sentTo, pass>>
       ELSE /\ unsent' = [unsent EXCEPT ![i] = @ \cup (own \ gone)]
            /\ sentTo' = [sentTo EXCEPT ![i] = IF void = {} THEN @ ELSE Lower(@, Min(void) - 1)]
            /\ IF Mutant = "the relay ignores failures" \/ void = {}
               THEN UNCHANGED pass
               ELSE pass' \in {[pass EXCEPT ![i].blocked = TRUE]}
                             \cup (IF void = own THEN {} ELSE {[pass EXCEPT ![i] = NoPass]})

Closed(i) ==
    /\ late' = late \cup ({Queued(flight[i], to) : to \in 0..Growths} \ {<<>>})
    /\ flight' = [flight EXCEPT ![i] = <<>>]
    /\ proven' = [proven EXCEPT ![i] = FALSE]

\* A refused send closes its channel, in the callback.
Fail(i, poison) ==
    /\ flight[i] # <<>>
    /\ Head(flight[i]).is = "refused"
    /\ LET e == Head(flight[i]).id
       IN /\ parked' = IF poison /\ e \in table THEN parked \cup {e} ELSE parked
          /\ table' = IF poison THEN table \ {e} ELSE table
          /\ IF Mutant = "a failed send leaves the channel open"
             THEN /\ flight' = [flight EXCEPT ![i] = Tail(@)]
                  /\ unsent' = [unsent EXCEPT ![i] = IF poison \/ ~Head(flight[i]).own THEN @ ELSE @ \cup {e}]
                  /\ sentTo' = [sentTo EXCEPT ![i] = Lower(@, e - 1)]
                  /\ pass' = [pass EXCEPT ![i].blocked = TRUE]
                  /\ UNCHANGED <<late, proven>>
             ELSE /\ Closed(i)
                  /\ Lost(i, IF poison THEN {e} ELSE {})
    /\ UNCHANGED <<next, open, preceding, handing, log, lost, committed, partition, left, answer, knows>>

Close(i) ==
    /\ left.close > 0
    /\ flight[i] # <<>>
    /\ Closed(i)
    /\ Lost(i, {})
    /\ left' = [left EXCEPT !.close = @ - 1]
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, log, lost, committed, partition, answer, knows>>

\* Requests of a closed channel that the broker works off late, in their order, or never.
AppendLate ==
    /\ \E old \in late :
        /\ Appended(Head(old))
        /\ late' = (late \ {old}) \cup (IF Len(old) = 1 THEN {} ELSE {Tail(old)})
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, committed, partition, left, local>>

Crash(i) ==
    /\ left.crash > 0
    /\ left' = [left EXCEPT !.crash = @ - 1]
    /\ Closed(i)
    /\ handing' = {t \in handing : t[2] # i}
    /\ open' = {t \in open : t[2] # i}
    /\ unsent' = [unsent EXCEPT ![i] = {}]
    /\ sentTo' = [sentTo EXCEPT ![i] = 0]
    /\ answer' = [answer EXCEPT ![i] = NoAnswer]
    /\ knows' = [knows EXCEPT ![i] = partition]
    /\ pass' = [pass EXCEPT ![i] = NoPass]
    /\ UNCHANGED <<next, preceding, table, parked, log, lost, committed, partition>>

Grow ==
    /\ left.grow > 0
    /\ left' = [left EXCEPT !.grow = @ - 1]
    /\ partition' = partition + 1
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, log, lost, committed, late, local>>

Notice(i) ==
    /\ knows[i] # partition
    /\ knows' = [knows EXCEPT ![i] = partition]
    /\ proven' = [proven EXCEPT ![i] = FALSE]
    /\ UNCHANGED <<global, unsent, sentTo, answer, flight, pass>>

-----------------------------------------------------------------------------
(* Confirmation: a row is cleared by its own event alone. *)

Confirm(e) ==
    /\ e \in table \cap Range(log)
    /\ e \notin lost
    /\ table' = table \ CASE Mutant = "clear earlier rows with a later one" -> {x \in table : x <= e}
                          [] Mutant = "clear by offset alone" -> {Min(table)}
                          [] OTHER -> {e}
    /\ UNCHANGED <<next, open, preceding, handing, parked, log, lost, committed, late, partition, left, local>>

\* The consumer dies between its commit of offsets and the deletion, or the broker loses a record.
Lose(e) ==
    /\ left.lose > 0
    /\ e \in table \cap Range(log)
    /\ e \notin lost
    /\ lost' = lost \cup {e}
    /\ left' = [left EXCEPT !.lose = @ - 1]
    /\ UNCHANGED <<next, open, preceding, table, handing, parked, log, committed, late, partition, local>>

-----------------------------------------------------------------------------
Dispatch(i) == SendNext(i) \/ Look(i) \/ SendOwn(i) \/ SendLate(i) \/ SendUnchecked(i)
Relay(i) == ReadPage(i) \/ StepOver(i) \/ NotNow(i) \/ Resend(i)
Channel(i) == AppendOne(i) \/ Prove(i) \/ Refuse(i) \/ Acknowledge(i) \/ Fail(i, TRUE) \/ Fail(i, FALSE) \/ Close(i) \/ Notice(i)

Next ==
    \/ \E i \in Instances : Store(i) \/ Dispatch(i) \/ Relay(i) \/ Channel(i) \/ Crash(i)
    \/ Ask \/ Commit \/ Rollback \/ HandOver
    \/ \E e \in Ids : Confirm(e) \/ Lose(e)
    \/ AppendLate \/ Grow

Spec == Init /\ [][Next]_vars

\* What is not a fault happens in the end. The relay runs again and again on some instance, and
\* what is due is sent in the end.
Fairness ==
    /\ WF_vars(Commit)
    /\ \A e \in Ids : WF_vars(Confirm(e))
    /\ \A i \in Instances :
        /\ WF_vars(SendOwn(i)) /\ WF_vars(AppendOne(i)) /\ WF_vars(Acknowledge(i))
        /\ WF_vars(Fail(i, TRUE) \/ Fail(i, FALSE)) /\ WF_vars(Notice(i))
        /\ WF_vars(ReadPage(i))
        /\ WF_vars(StepOver(i) \/ NotNow(i) \/ Resend(i)) /\ SF_vars(Resend(i))
    /\ WF_vars(AppendLate)

FairSpec == Spec /\ Fairness

Symmetry == Permutations(Instances)

-----------------------------------------------------------------------------
(* P1: what was rolled back is never sent. *)
Atomic == Range(log) \subseteq committed

(* P3: first deliveries in the order of ids, but for what was parked and so has left the order. *)
InOrder == \A m, n \in DOMAIN log : m < n => log[m] < log[n] \/ log[n] \in parked

(* P5: a row goes only because its own event was read back, or into the parked rows. *)
ClearedWhenRead == [][\A e \in table \ table' : (e \in Range(log) /\ e \notin lost) \/ e \in parked']_vars

(* P2: everything committed is delivered or parked, and the table drains. *)
Delivered == \A e \in Ids : e \in committed ~> e \in Range(log) \cup parked
Drains == <>[](table = {})
=============================================================================
