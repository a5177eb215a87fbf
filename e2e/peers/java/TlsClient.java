// core-pva asks our server for one PV: one JSON line with what it got and how the connection is secured, or `found: false`.
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.epics.pva.client.PVAChannel;
import org.epics.pva.client.PVAClient;
import org.epics.pva.data.PVADouble;

public class TlsClient {
    /** Arguments: the PV, seconds to wait, and a number to write where one is given. */
    public static void main(String[] args) throws Exception {
        final PVAChannel channel = new PVAClient().getChannel(args[0]);
        try {
            channel.connect().get(Integer.parseInt(args[1]), TimeUnit.SECONDS);
        } catch (TimeoutException late) {
            System.out.println("{\"found\": false}");
            System.exit(0);
        }
        String written = "null";
        if (args.length > 2) {
            try {
                channel.write(true, "value", Double.parseDouble(args[2])).get(10, TimeUnit.SECONDS);
                written = "true";
            } catch (Exception refused) {
                written = "false";
            }
        }
        final double value = ((PVADouble) channel.read("").get(10, TimeUnit.SECONDS).get("value")).get();
        System.out.println("{\"found\": true, \"value\": " + value + ", \"tls\": " + channel.isTLS() + ", \"server\": " + quoted(channel.getServerX509Name())
            + ", \"client\": " + quoted(channel.getClientX509Name()) + ", \"written\": " + written + "}");
        System.exit(0);
    }

    private static String quoted(String text) { return text == null ? "null" : "\"" + text + "\""; }
}
