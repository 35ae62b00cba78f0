// Puts PDFs before veraPDF: what each claims of PDF/A, and PDF/UA-1. Ends with 1 where one fails.
// How it is run stands in docs/decisions/documents.md.

import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;

public class PdfCheck {
    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        int failed = 0;
        for (String file : files) {
            for (PDFAFlavour flavour : claimed(file)) {
                failed += passes(file, flavour) ? 0 : 1;
            }
        }
        System.exit(failed > 0 ? 1 : 0);
    }

    private static List<PDFAFlavour> claimed(String file) throws Exception {
        List<PDFAFlavour> found = new ArrayList<>();
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file))) {
            found.addAll(parser.getFlavours());
        }
        found.remove(PDFAFlavour.NO_FLAVOUR);
        if (found.stream().noneMatch(one -> one.toString().matches("[1-4].*"))) {
            System.out.println("claims no PDF/A: " + file);
        }
        if (!found.contains(PDFAFlavour.PDFUA_1)) {
            found.add(PDFAFlavour.PDFUA_1);
        }
        return found;
    }

    private static boolean passes(String file, PDFAFlavour flavour) throws Exception {
        try (PDFAParser parser = Foundries.defaultInstance().createParser(new File(file), flavour);
                PDFAValidator validator =
                        Foundries.defaultInstance().createValidator(flavour, false)) {
            ValidationResult result = validator.validate(parser);
            String said = result.isCompliant() ? "passes " : "FAILS ";
            System.out.println(said + flavour + ", " + result.getTotalAssertions() + " looks: " + file);
            Map<String, Integer> wrong = new TreeMap<>();
            for (TestAssertion one : result.getTestAssertions()) {
                if (one.getStatus() == TestAssertion.Status.FAILED) {
                    wrong.merge(one.getRuleId().getClause() + " " + one.getMessage(), 1, Integer::sum);
                }
            }
            wrong.forEach((what, times) -> System.out.println("    " + times + " times " + what));
            return result.isCompliant();
        }
    }
}
