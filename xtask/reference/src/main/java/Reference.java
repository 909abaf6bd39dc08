import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.narrative.DefaultThymeleafNarrativeGenerator;
import ca.uhn.fhir.parser.LenientErrorHandler;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.SingleValidationMessage;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.dstu3.model.DomainResource;
import org.hl7.fhir.instance.model.api.IBaseResource;

/**
 * HAPI FHIR, asked over standard input, a line a resource: `validate` gives what its validator says, `narrative` which
 * mutants its narrative generator shows (c changed, s the same, r refused).
 */
public final class Reference {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final FhirContext CONTEXT = FhirContext.forDstu3();

  public static void main(String[] arguments) throws Exception {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    CONTEXT.setParserErrorHandler(new LenientErrorHandler(false));
    FhirValidator validator = arguments[0].equals("validate") ? validator() : null;
    DefaultThymeleafNarrativeGenerator generator = new DefaultThymeleafNarrativeGenerator();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      JsonNode asked = JSON.readTree(line);
      ObjectNode answer = JSON.createObjectNode();
      answer.set("id", asked.get("id"));
      if (validator != null) {
        answer.set("issues", issues(validator, asked.get("resource").toString()));
      } else {
        answer.put("outcomes", outcomes(generator, (ObjectNode) asked.get("resource"), asked.get("mutants")));
      }
      out.println(answer);
    }
    out.flush();
  }

  private static FhirValidator validator() {
    FhirInstanceValidator module =
        new FhirInstanceValidator(
            new ValidationSupportChain(
                new DefaultProfileValidationSupport(CONTEXT),
                new InMemoryTerminologyServerValidationSupport(CONTEXT),
                new CommonCodeSystemsTerminologyService(CONTEXT)));
    module.setNoTerminologyChecks(true);
    module.setAnyExtensionsAllowed(true);
    FhirValidator validator = CONTEXT.newValidator();
    validator.registerValidatorModule(module);
    return validator;
  }

  private static ArrayNode issues(FhirValidator validator, String resource) {
    ArrayNode issues = JSON.createArrayNode();
    for (SingleValidationMessage message : validator.validateWithResult(resource).getMessages()) {
      issues
          .addObject()
          .put("severity", String.valueOf(message.getSeverity()))
          .put("location", String.valueOf(message.getLocationString()))
          .put("id", String.valueOf(message.getMessageId()))
          .put("message", message.getMessage());
    }
    return issues;
  }

  private static String outcomes(
      DefaultThymeleafNarrativeGenerator generator, ObjectNode resource, JsonNode mutants) {
    StringBuilder outcomes = new StringBuilder();
    String before;
    try {
      before = shown(generator, resource);
    } catch (Exception error) {
      return "r".repeat(mutants.size());
    }
    for (JsonNode mutant : mutants) {
      try {
        ObjectNode copy = resource.deepCopy();
        String pointer = mutant.get("pointer").asText();
        int end = pointer.lastIndexOf('/');
        JsonNode parent = copy.at(pointer.substring(0, end));
        String last = pointer.substring(end + 1);
        if (parent instanceof ArrayNode array) {
          array.set(Integer.parseInt(last), mutant.get("value"));
        } else {
          ((ObjectNode) parent).set(last, mutant.get("value"));
        }
        outcomes.append(shown(generator, copy).equals(before) ? 's' : 'c');
      } catch (Exception error) {
        outcomes.append('r');
      }
    }
    return outcomes.toString();
  }

  /** The text of the narrative that is generated; empty where there is no template for the type. */
  private static String shown(DefaultThymeleafNarrativeGenerator generator, ObjectNode json) {
    IBaseResource resource = CONTEXT.newJsonParser().parseResource(json.toString());
    if (!(resource instanceof DomainResource domain)) {
      return "";
    }
    domain.setText(null);
    if (!generator.populateResourceNarrative(CONTEXT, domain)) {
      return "";
    }
    return domain.getText().getDiv().getValueAsString().replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").trim();
  }
}
