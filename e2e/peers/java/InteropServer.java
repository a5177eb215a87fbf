// A core-pva server with the PVs of the interop exchanges. Ports and keychain by EPICS_PVA* variables.
import java.time.Instant;
import org.epics.pva.data.PVADouble;
import org.epics.pva.data.PVADoubleArray;
import org.epics.pva.data.PVAInt;
import org.epics.pva.data.PVAString;
import org.epics.pva.data.PVAStructure;
import org.epics.pva.data.nt.PVAAlarm;
import org.epics.pva.data.nt.PVAEnum;
import org.epics.pva.data.nt.PVATimeStamp;
import org.epics.pva.data.PVAData;
import org.epics.pva.server.PVAServer;
import org.epics.pva.server.ServerPV;
import org.epics.pva.server.WriteEventHandler;

public class InteropServer {
    /** Milliseconds. core-pva joins updates that come before the last one has left: on a busy machine that takes its time. */
    private static final int period = 200;
    private static final WriteEventHandler keep = (tcp, pv, changes, written) -> post(pv, written);

    private static PVAStructure record(String id, PVAData value) {
        return new PVAStructure("", id, value, new PVAAlarm(), new PVATimeStamp(Instant.now()));
    }

    private static void post(ServerPV pv, PVAStructure data) throws Exception {
        PVATimeStamp.set(data, Instant.now());
        pv.update(data);
    }

    private static void alarm(PVAStructure data, double value) {
        final int severity = value > 90 ? 2 : value > 80 ? 1 : 0;
        final PVAStructure alarm = data.get("alarm");
        ((PVAInt) alarm.get("severity")).set(severity);
        ((PVAInt) alarm.get("status")).set(severity == 0 ? 0 : 1);
        ((PVAString) alarm.get("message")).set(severity == 2 ? "HIHI" : severity == 1 ? "HIGH" : "");
    }

    public static void main(String[] args) throws Exception {
        try (PVAServer server = new PVAServer()) {
            final String scalar = "epics:nt/NTScalar:1.0";
            server.createPV("T:double", record(scalar, new PVADouble("value", 1.5)), (tcp, pv, changes, written) -> {
                alarm(written, ((PVADouble) written.get("value")).get());
                post(pv, written);
            });
            server.createPV("T:enum", record("epics:nt/NTEnum:1.0", new PVAEnum("value", 0, new String[] { "Idle", "Busy", "Fault" })), keep);
            server.createPV("T:string", record(scalar, new PVAString("value", "")), keep);
            server.createPV("T:array", record("epics:nt/NTScalarArray:1.0", new PVADoubleArray("value")), keep);
            final PVAStructure finished = record(scalar, new PVAInt("value", 0));
            final ServerPV done = server.createPV("T:done", finished, keep);
            server.createPV("T:slow", record(scalar, new PVAInt("value", 0)), (tcp, pv, changes, written) -> {
                Thread.sleep(400);
                post(pv, written);
                final PVAStructure answer = finished.cloneData();
                ((PVAInt) answer.get("value")).set(((PVAInt) written.get("value")).get());
                post(done, answer);
            });
            final PVAStructure count = record(scalar, new PVAInt("value", 0));
            final ServerPV counter = server.createPV("T:counter", count);
            // Who the clients are, as the server knows it.
            final PVAStructure clients = record(scalar, new PVAString("value", ""));
            final ServerPV who = server.createPV("T:clients", clients);
            System.out.println("READY");
            for (int n = 1; ; n += 1) {
                ((PVAInt) count.get("value")).set(n);
                post(counter, count);
                final StringBuilder names = new StringBuilder();
                server.getClientInfos().forEach((client) -> names.append(client.authentication().getType()).append(':').append(client.authentication().getUser()).append(' '));
                if (!names.toString().trim().equals(((PVAString) clients.get("value")).get())) {
                    ((PVAString) clients.get("value")).set(names.toString().trim());
                    post(who, clients);
                }
                Thread.sleep(period);
            }
        }
    }
}
