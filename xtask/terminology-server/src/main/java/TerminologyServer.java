import ca.uhn.fhir.batch2.jobs.config.Batch2JobsConfig;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.config.ThreadPoolFactoryConfig;
import ca.uhn.fhir.jpa.batch2.JpaBatch2Config;
import ca.uhn.fhir.jpa.binary.api.IBinaryStorageSvc;
import ca.uhn.fhir.jpa.binstore.MemoryBinaryStorageSvcImpl;
import ca.uhn.fhir.jpa.config.HapiJpaConfig;
import ca.uhn.fhir.jpa.config.dstu3.JpaDstu3Config;
import ca.uhn.fhir.jpa.config.r4.JpaR4Config;
import ca.uhn.fhir.jpa.config.util.HapiEntityManagerFactoryUtil;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.jpa.model.config.SubscriptionSettings;
import ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect;
import ca.uhn.fhir.jpa.provider.JpaSystemProvider;
import ca.uhn.fhir.jpa.provider.ValueSetOperationProvider;
import ca.uhn.fhir.jpa.subscription.channel.config.SubscriptionChannelConfig;
import ca.uhn.fhir.jpa.subscription.submit.config.SubscriptionSubmitterConfig;
import ca.uhn.fhir.jpa.searchparam.submit.config.SearchParamSubmitterConfig;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import jakarta.persistence.EntityManagerFactory;
import java.net.InetSocketAddress;
import java.util.Properties;
import javax.sql.DataSource;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.h2.jdbcx.JdbcConnectionPool;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Primary;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;

/**
 * HAPI FHIR's JPA server with a database in memory: `TerminologyServer stu3` or `TerminologyServer r4`. Prints the port of
 * 127.0.0.1 on which it answers, and ends when its input does.
 */
public class TerminologyServer {
    public static void main(String[] arguments) throws Exception {
        boolean isR4 = arguments[0].equals("r4");
        var spring = new AnnotationConfigApplicationContext(Common.class, isR4 ? R4.class : Stu3.class);
        var fhir = new RestfulServer(spring.getBean(FhirContext.class));
        fhir.registerProviders(spring.getBean(ResourceProviderFactory.class).createProviders());
        fhir.registerProvider(spring.getBean(JpaSystemProvider.class));
        fhir.registerProvider(spring.getBean(ValueSetOperationProvider.class));
        var server = new Server(new InetSocketAddress("127.0.0.1", 0));
        var context = new ServletContextHandler();
        context.addServlet(new ServletHolder(fhir), "/fhir/*");
        server.setHandler(context);
        server.start();
        System.out.println(((ServerConnector) server.getConnectors()[0]).getLocalPort());
        while (System.in.read() >= 0) {}
        System.exit(0);
    }

    @Configuration
    @Import(JpaDstu3Config.class)
    static class Stu3 {}

    @Configuration
    @Import(JpaR4Config.class)
    static class R4 {}

    @Configuration
    @Import({
        HapiJpaConfig.class,
        JpaBatch2Config.class,
        Batch2JobsConfig.class,
        SubscriptionSubmitterConfig.class,
        SubscriptionChannelConfig.class,
        SearchParamSubmitterConfig.class,
        ThreadPoolFactoryConfig.class,
    })
    static class Common {
        @Bean
        JpaStorageSettings storageSettings() {
            return new JpaStorageSettings();
        }

        @Bean
        PartitionSettings partitionSettings() {
            return new PartitionSettings();
        }

        @Bean
        SubscriptionSettings subscriptionSettings() {
            return new SubscriptionSettings();
        }

        @Bean
        IBinaryStorageSvc binaryStorage() {
            return new MemoryBinaryStorageSvcImpl();
        }

        @Bean
        DataSource dataSource() {
            return JdbcConnectionPool.create("jdbc:h2:mem:terminology;DB_CLOSE_DELAY=-1", "", "");
        }

        @Bean
        LocalContainerEntityManagerFactoryBean entityManagerFactory(
                DataSource data, ConfigurableListableBeanFactory beans, FhirContext fhir, JpaStorageSettings settings) {
            var factory = HapiEntityManagerFactoryUtil.newEntityManagerFactory(beans, fhir, settings);
            var properties = new Properties();
            properties.put("hibernate.dialect", HapiFhirH2Dialect.class.getName());
            properties.put("hibernate.hbm2ddl.auto", "create");
            properties.put("hibernate.search.enabled", "false");
            factory.setPersistenceUnitName("terminology");
            factory.setDataSource(data);
            factory.setJpaProperties(properties);
            return factory;
        }

        @Bean
        @Primary
        JpaTransactionManager transactionManager(EntityManagerFactory factory) {
            return new JpaTransactionManager(factory);
        }
    }
}
