// core-pva on our server: one JSON line per exchange. With a keychain in EPICS_PVA_TLS_KEYCHAIN it is TLS.
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.epics.pva.client.ClientChannelState;
import org.epics.pva.client.PVAChannel;
import org.epics.pva.client.PVAClient;
import org.epics.pva.data.PVADouble;
import org.epics.pva.data.PVADoubleArray;
import org.epics.pva.data.PVAInt;
import org.epics.pva.data.PVAString;
import org.epics.pva.data.PVAStructure;
import org.epics.pva.data.nt.PVAEnum;
import org.epics.pva.data.nt.PVATimeStamp;

public class InteropClient {
    private static final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private static void say(String exchange, String what) { out.println("{\"exchange\": \"" + exchange + "\", " + what + "}"); }

    private static boolean until(BooleanSupplier condition, int seconds) throws Exception {
        for (final long end = System.currentTimeMillis() + seconds * 1000L; !condition.getAsBoolean() && System.currentTimeMillis() < end;) Thread.sleep(10);
        return condition.getAsBoolean();
    }

    private static PVAStructure read(PVAChannel channel) throws Exception { return channel.read("").get(15, TimeUnit.SECONDS); }
    private static double number(PVAChannel channel) throws Exception { return ((PVADouble) read(channel).get("value")).get(); }
    private static int whole(PVAChannel channel) throws Exception { return ((PVAInt) read(channel).get("value")).get(); }
    private static void write(PVAChannel channel, boolean wait, Object value) throws Exception { channel.write(wait, "value", value).get(15, TimeUnit.SECONDS); }

    public static void main(String[] args) throws Exception {
        final PVAClient client = new PVAClient();
        final List<PVAChannel> channels = new ArrayList<>();
        final List<ClientChannelState> states = Collections.synchronizedList(new ArrayList<>());
        for (String name : Arrays.asList("double", "enum", "string", "array", "done", "slow")) channels.add(client.getChannel("T:" + name));
        final PVAChannel counter = client.getChannel("T:counter", (channel, state) -> states.add(state));
        for (PVAChannel channel : channels) channel.connect().get(15, TimeUnit.SECONDS);
        counter.connect().get(15, TimeUnit.SECONDS);
        final String keychain = System.getenv("EPICS_PVA_TLS_KEYCHAIN");
        if (counter.isTLS() != (keychain != null && !keychain.isEmpty())) throw new IllegalStateException("TLS: " + counter.isTLS());
        final PVAChannel real = channels.get(0), choice = channels.get(1), text = channels.get(2), array = channels.get(3), done = channels.get(4), slow = channels.get(5);

        final PVAStructure first = read(real);
        final Instant stamp = PVATimeStamp.getTimeStamp(first).instant();
        say("get", "\"value\": " + ((PVADouble) first.get("value")).get() + ", \"recent\": " + (Math.abs(stamp.getEpochSecond() - Instant.now().getEpochSecond()) < 300));
        write(real, false, 2.5);
        say("put", "\"value\": " + number(real));

        write(done, true, 0);
        final int before = whole(done);
        write(slow, true, 1);
        say("put-callback", "\"before\": " + before + ", \"after\": " + whole(done));

        final List<Integer> seen = Collections.synchronizedList(new ArrayList<>());
        counter.subscribe("", (channel, changes, overruns, data) -> { if (data != null) seen.add(((PVAInt) data.get("value")).get()); });
        until(() -> seen.size() >= 6, 20);
        final TreeSet<Integer> steps = new TreeSet<>();
        for (int i = 1; i < 6; i += 1) steps.add(seen.get(i) - seen.get(i - 1));
        say("monitor", "\"steps\": " + steps + ", \"enough\": " + (seen.size() >= 6));

        write(choice, true, 2);
        final PVAEnum state = PVAEnum.fromStructure(read(choice).get("value"));
        final String[] names = ((org.epics.pva.data.PVAStringArray) state.get("choices")).get();
        say("enum", "\"states\": [\"" + String.join("\", \"", names) + "\"], \"value\": " + ((PVAInt) state.get("index")).get() + ", \"text\": \"" + state.enumString() + "\"");

        write(text, true, "R\u00f6ntgen 5 \u00b5m");
        say("string", "\"value\": \"" + ((PVAString) read(text).get("value")).get() + "\"");

        final double[] sent = new double[500];
        for (int i = 0; i < sent.length; i += 1) sent[i] = Math.sin(i) * 1e9;
        write(array, true, sent);
        final double[] back = ((PVADoubleArray) read(array).get("value")).get();
        say("array", "\"count\": " + back.length + ", \"equal\": " + Arrays.equals(sent, back));

        final List<String> levels = Collections.synchronizedList(new ArrayList<>());
        real.subscribe("", (channel, changes, overruns, data) -> {
            if (data == null) return;
            final PVAStructure alarm = data.get("alarm");
            levels.add(((PVADouble) data.get("value")).get() + " " + ((PVAInt) alarm.get("severity")).get());
        });
        final List<Integer> heard = new ArrayList<>();
        for (int[] pair : new int[][] { { 95, 2 }, { 85, 1 }, { 0, 0 } }) {
            write(real, true, (double) pair[0]);
            final String wanted = (double) pair[0] + " " + pair[1];
            heard.add(until(() -> levels.contains(wanted), 20) ? pair[1] : -1);
        }
        say("alarm", "\"severities\": " + heard);

        final int told = states.size();
        out.println("restart");
        final boolean lost = until(() -> states.subList(told, states.size()).stream().anyMatch((one) -> one != ClientChannelState.CONNECTED), 20);
        System.in.read();
        final int known = seen.size();
        final boolean again = until(() -> counter.isConnected(), 60) && resubscribed(counter, seen, known);
        say("reconnect", "\"lost\": " + lost + ", \"again\": " + again);
        System.exit(0);
    }

    /** core-pva leaves it to its user to subscribe anew. */
    private static boolean resubscribed(PVAChannel counter, List<Integer> seen, int known) throws Exception {
        counter.subscribe("", (channel, changes, overruns, data) -> { if (data != null) seen.add(((PVAInt) data.get("value")).get()); });
        return until(() -> seen.size() > known + 2, 20);
    }
}
