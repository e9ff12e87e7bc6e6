package dev.asyncops.security;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Reads the YAML of a tokens file, strictly: what is missing, unknown, doubled or malformed refuses
 * all of it.
 *
 * <pre>
 * tokens:
 *   - name: ci
 *     sha256: 64 hexadecimal digits, the SHA-256 of the token
 *     scopes: [read, write, cancel]
 *     roots: [data]        # or ["*"], every root
 * </pre>
 */
final class TokensText {

  private static final Set<String> MEMBERS = Set.of("name", "sha256", "scopes", "roots");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-fA-F]{64}");
  private static final Pattern ROOT = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}|\\*");

  private final Set<String> names = new HashSet<>();
  private final Set<String> digests = new HashSet<>();

  private TokensText() {}

  /**
   * The tokens.
   *
   * @throws TokensFileException with the line of what is wrong
   */
  static List<KnownToken> read(byte[] content) {
    Node root = compose(content);
    Map<String, Node> top = members(root, "The file", Set.of("tokens"));
    if (!(top.get("tokens") instanceof SequenceNode list)) {
      throw wrong(root, "There is no list of 'tokens'.");
    }
    TokensText reader = new TokensText();
    List<KnownToken> tokens = new ArrayList<>();
    for (Node entry : list.getValue()) {
      tokens.add(reader.token(entry));
    }
    return List.copyOf(tokens);
  }

  private static @Nullable Node compose(byte[] content) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setNestingDepthLimit(10);
    options.setCodePointLimit(TokensFile.MAX_BYTES);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
      return new Yaml(options).compose(new StringReader(text));
    } catch (CharacterCodingException e) {
      throw new TokensFileException("It is not UTF-8.");
    } catch (MarkedYAMLException e) { // its message quotes the file
      throw e.getProblemMark() == null
          ? new TokensFileException("It is not YAML.")
          : new TokensFileException(
              "Line %d: this is not YAML.".formatted(e.getProblemMark().getLine() + 1));
    } catch (YAMLException e) {
      throw new TokensFileException("It is not YAML.");
    }
  }

  private KnownToken token(Node entry) {
    Map<String, Node> members = members(entry, "A token", MEMBERS);
    String name = text(entry, members, "name");
    if (!Caller.isName(name)) {
      throw wrong(entry, "The name of a token has 1 to 200 printable characters.");
    }
    if (!names.add(name)) {
      throw wrong(entry, "There is another token of this name.");
    }
    String sha256 = text(entry, members, "sha256");
    if (!SHA256.matcher(sha256).matches()) {
      throw wrong(entry, "'sha256' must be the SHA-256 of the token, 64 hexadecimal digits.");
    }
    byte[] digest = HexFormat.of().parseHex(sha256);
    if (!digests.add(HexFormat.of().formatHex(digest))) {
      throw wrong(entry, "Another name has the same token.");
    }
    return new KnownToken(digest, Caller.of(name, scopes(entry, members), roots(entry, members)));
  }

  private static Set<Scope> scopes(Node entry, Map<String, Node> members) {
    Set<Scope> scopes = EnumSet.noneOf(Scope.class);
    for (Node word : list(entry, members, "scopes")) {
      scopes.add(
          Scope.of(scalar(word))
              .orElseThrow(() -> wrong(word, "The scopes are read, write and cancel.")));
    }
    if (scopes.isEmpty()) {
      throw wrong(entry, "A token without scopes may do nothing.");
    }
    return scopes;
  }

  private static Set<String> roots(Node entry, Map<String, Node> members) {
    Set<String> roots = new HashSet<>();
    for (Node word : list(entry, members, "roots")) {
      String name = scalar(word);
      if (!ROOT.matcher(name).matches()) {
        throw wrong(word, "This is not the name of a root; \"*\" is every root.");
      }
      roots.add(name);
    }
    return roots;
  }

  private static Map<String, Node> members(@Nullable Node node, String what, Set<String> known) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, what + " must have the members " + String.join(", ", sorted(known)) + ".");
    }
    Map<String, Node> members = new LinkedHashMap<>();
    for (NodeTuple member : mapping.getValue()) {
      String name = scalar(member.getKeyNode());
      if (!known.contains(name)) {
        throw wrong(
            member.getKeyNode(),
            what + " has no such member, but " + String.join(", ", sorted(known)) + ".");
      }
      if (members.put(name, member.getValueNode()) != null) {
        throw wrong(member.getKeyNode(), "'%s' is there twice.".formatted(name));
      }
    }
    return members;
  }

  private static List<String> sorted(Set<String> names) {
    return names.stream().sorted().toList();
  }

  private static List<Node> list(Node entry, Map<String, Node> members, String name) {
    Node node = members.get(name);
    if (node instanceof SequenceNode list) {
      return list.getValue();
    }
    throw wrong(node == null ? entry : node, "A token needs a list of '%s'.".formatted(name));
  }

  private static String text(Node entry, Map<String, Node> members, String name) {
    Node node = members.get(name);
    if (node instanceof ScalarNode text) {
      return text.getValue();
    }
    throw wrong(node == null ? entry : node, "A token needs a '%s'.".formatted(name));
  }

  private static String scalar(Node node) {
    if (node instanceof ScalarNode text) {
      return text.getValue();
    }
    throw wrong(node, "A word is needed here.");
  }

  private static TokensFileException wrong(@Nullable Node node, String why) {
    return new TokensFileException(
        node == null ? why : "Line %d: %s".formatted(node.getStartMark().getLine() + 1, why));
  }
}
